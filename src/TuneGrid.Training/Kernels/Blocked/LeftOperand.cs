namespace TuneGrid.Training.Kernels.Blocked;

/// <summary>A left operand as the tiles read it: unit u of row i lies at Data + i * RowStep + u * UnitStep (steps in 4-byte units).</summary>
internal readonly unsafe struct LeftOperand(float* data, nint rowStep, nint unitStep)
{
    public float* Data { get; } = data;

    public nint RowStep { get; } = rowStep;

    public nint UnitStep { get; } = unitStep;
}
