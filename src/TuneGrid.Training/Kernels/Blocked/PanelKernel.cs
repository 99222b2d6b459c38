using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels.Blocked;

/// <summary>
/// What differs between the levels of the ladder in a blocked product: how operands are packed and how a panel is multiplied.
/// The contracted dimension is counted in units of four bytes: one fp32 number, or two consecutive bf16 numbers.
/// B lies in column panels [units, width], all of the widest kind but the last, zero-padded in both dimensions.
/// </summary>
internal abstract unsafe class PanelKernel
{
    /// <summary>
    /// Contracted elements of one sweep over C: a B panel of that depth stays in the second-level cache. A multiple of 64.
    /// </summary>
    public abstract int InnerBlock { get; }

    /// <summary>Columns of the widest panel, a power of two, at most 64.</summary>
    public abstract int WidestPanel { get; }

    /// <summary>Rows the kernel likes to be given multiples of.</summary>
    public abstract int TileRows { get; }

    /// <summary>
    /// Rows contracted in one sweep of a transposed product, chosen so that a packed panel of A stays in the first-level cache.
    /// </summary>
    public abstract int TransposedInnerBlock { get; }

    /// <summary>Columns of A packed together in a transposed product.</summary>
    public abstract int TransposedColumns { get; }

    /// <summary>Queries that attention takes at once: whole tiles, a multiple of 16, at most 64.</summary>
    public abstract int AttentionRows { get; }

    /// <summary>Called by a thread before it multiplies panels.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Called by the same thread when it is done.</summary>
    public virtual void End()
    {
    }

    /// <summary>Width of the panel that takes the next of <paramref name="columnsLeft"/> columns.</summary>
    public abstract int PanelWidth(int columnsLeft);

    public abstract int Units(int inner);

    /// <summary>Packs source [inner, columns] into a panel [units, width].</summary>
    public abstract void PackPanel(float* source, int stride, int inner, int columns, float* panel, int width);

    /// <summary>Packs source [columns, inner] into a panel [units, width].</summary>
    public abstract void PackTransposedPanel(float* source, int stride, int inner, int columns, float* panel, int width);

    /// <summary>A [rows, inner] as left operand; may point at the source itself.</summary>
    public abstract LeftOperand PackLeft(float* a, int stride, int rows, int inner, Workspace workspace);

    /// <summary>The transpose of A [inner, columns] as left operand.</summary>
    public abstract LeftOperand PackLeftTransposed(float* a, int stride, int inner, int columns, Workspace workspace);

    /// <summary>C [rows, columns] = or += left [rows, units] · panel [units, width].</summary>
    public abstract void MultiplyPanel(
        in LeftOperand left, int rows, float* panel, int width, int columns, int units, float* c, int cStride, bool accumulate);
}
