using System.Runtime.InteropServices;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>The one argument of an assembled packing function; its fields are read by offset. Strides in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PackCall
{
    public float* Source;
    public nint SourceStride;

    /// <summary>Rows to convert, or pairs of rows to interleave.</summary>
    public nint Rows;
    public void* Target;
    public nint TargetStride;

    /// <summary>Converting: whole groups of 32 columns. Interleaving: 1 if a last, single row follows the pairs.</summary>
    public nint Rest;

    /// <summary>Valid columns of the last register, or of the first 16 columns behind the whole groups.</summary>
    public ulong Columns;

    /// <summary>Converting: valid columns of the second 16 behind the whole groups.</summary>
    public ulong MoreColumns;
}
