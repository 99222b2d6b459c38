using System.Runtime.InteropServices;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>The one argument of an assembled panel product; its fields are read by offset. Strides in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PanelCall
{
    public void* Left;
    public nint RowStride;
    public nint UnitStride;
    public nint Rows;
    public void* Panel;
    public nint Units;
    public float* C;
    public nint CStride;

    /// <summary>1: add to C; 0: overwrite.</summary>
    public nint Accumulate;

    /// <summary>The valid columns of the last register of a row.</summary>
    public ulong LastColumns;
    public nint PanelStride;
}
