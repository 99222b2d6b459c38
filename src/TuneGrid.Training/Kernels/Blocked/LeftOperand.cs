namespace TuneGrid.Training.Kernels.Blocked;

/// <summary>
/// A left operand as the tiles read it: unit u of row i lies at Data + i * RowStride + u * UnitStride (strides in 4-byte units).
/// </summary>
internal readonly unsafe struct LeftOperand(float* data, nint rowStride, nint unitStride)
{
    public float* Data { get; } = data;

    public nint RowStride { get; } = rowStride;

    public nint UnitStride { get; } = unitStride;
}
