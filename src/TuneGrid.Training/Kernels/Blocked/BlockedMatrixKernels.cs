using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels.Blocked;

/// <summary>
/// Products cut into blocks that fit the caches (Goto and van de Geijn, 2008), over the tiles of one level of the ladder.
/// </summary>
internal sealed unsafe class BlockedMatrixKernels(PanelKernel kernel) : IMatrixKernels
{
    /// <summary>Elements of A kept in the second-level cache while all panels of B pass by.</summary>
    private const int LeftBlockElements = 48 * 1024;

    /// <summary>Rows and columns of the blocks along the diagonal of a symmetric product: whole panels of every level.</summary>
    internal const int TriangleBlock = 64;

    public long PackedBytes(int inner, int outer) => (long)kernel.Units(inner) * PaddedColumns(outer) * sizeof(float);

    public void Pack(float* source, int stride, int inner, int outer, bool transposed, void* packed)
    {
        var panel = (float*)packed;
        for (var column = 0; column < outer; column += kernel.WidestPanel)
        {
            var width = kernel.PanelWidth(outer - column);
            var columns = Math.Min(width, outer - column);
            if (transposed)
                kernel.PackTransposedPanel(source + (long)column * stride, stride, inner, columns, panel, width);
            else
                kernel.PackPanel(source + column, stride, inner, columns, panel, width);
            panel += (long)kernel.Units(inner) * width;
        }
    }

    public void Multiply(float* a, int aStride, int rows, in PackedMatrix b, float* c, int cStride, bool accumulate, Workspace workspace)
    {
        Begin();
        MultiplyPart(a, aStride, rows, b, new(0, b.Inner), new(0, b.Outer), c, cStride, accumulate, workspace);
        End();
    }

    public void MultiplyTransposed(
        float* a, int aStride, int m, float* b, int bStride, int n, int rows, float* c, int cStride, bool accumulate, Workspace workspace)
    {
        Begin();
        MultiplyTransposedPart(a, aStride, m, b, bStride, n, rows, c, cStride, accumulate, workspace);
        End();
    }

    /// <summary>
    /// The upper triangle, and a little more, of a symmetric C [b.Outer, b.Outer] = A [b.Outer, b.Inner] · B: whole blocks of
    /// <see cref="TriangleBlock"/>.
    /// </summary>
    internal void MultiplyUpper(float* a, int aStride, in PackedMatrix b, float* c, int cStride, Workspace workspace)
    {
        Begin();
        for (var first = 0; first < b.Outer; first += TriangleBlock)
        {
            var rows = Math.Min(TriangleBlock, b.Outer - first);
            var target = c + (long)first * cStride + first;
            MultiplyPart(
                a + (long)first * aStride, aStride, rows, b, new(0, b.Inner), new(first, b.Outer - first), target, cStride,
                accumulate: false, workspace);
        }
        End();
    }

    internal int AttentionRows => kernel.AttentionRows;

    /// <summary>The parts below run between these two.</summary>
    internal void Begin() => kernel.Begin();

    internal void End() => kernel.End();

    internal void MultiplyTransposedPart(
        float* a, int aStride, int m, float* b, int bStride, int n, int rows, float* c, int cStride, bool accumulate, Workspace workspace)
    {
        if (rows == 0 && !accumulate)
            Clear(c, cStride, m, n);
        for (var row = 0; row < rows; row += kernel.TransposedInnerBlock)
        {
            using var mark = workspace.Mark();
            var depth = Math.Min(kernel.TransposedInnerBlock, rows - row);
            var units = kernel.Units(depth);
            var packed = workspace.Take<float>((long)units * PaddedColumns(n));
            Pack(b + (long)row * bStride, bStride, depth, n, transposed: false, packed);
            for (var i = 0; i < m; i += kernel.TransposedColumns)
            {
                using var panelMark = workspace.Mark();
                var columns = Math.Min(kernel.TransposedColumns, m - i);
                var left = kernel.PackLeftTransposed(a + (long)row * aStride + i, aStride, depth, columns, workspace);
                MultiplyPanels(left, columns, packed, units, 0, units, new(0, n), n, c + (long)i * cStride, cStride, accumulate || row > 0);
            }
        }
    }

    /// <summary>
    /// C [rows, columns] = A [rows, inner] · the part of B that lies in <paramref name="inner"/> and <paramref name="columns"/>, or C +=.
    /// The starts of both must be multiples of 64.
    /// </summary>
    internal void MultiplyPart(
        float* a, int aStride, int rows, in PackedMatrix b, Part inner, Part columns, float* c, int cStride, bool accumulate,
        Workspace workspace)
    {
        if (inner.Count == 0 && !accumulate)
            Clear(c, cStride, rows, columns.Count);
        for (var k = 0; k < inner.Count; k += kernel.InnerBlock)
        {
            var depth = Math.Min(kernel.InnerBlock, inner.Count - k);
            var rowBlock = Math.Max(LeftBlockElements / depth / kernel.TileRows, 4) * kernel.TileRows;
            for (var row = 0; row < rows; row += rowBlock)
            {
                using var mark = workspace.Mark();
                var count = Math.Min(rowBlock, rows - row);
                var left = kernel.PackLeft(a + (long)row * aStride + k, aStride, count, depth, workspace);
                MultiplyPanels(
                    left, count, (float*)b.Data, kernel.Units(b.Inner), kernel.Units(inner.Start + k), kernel.Units(depth), columns,
                    b.Outer, c + (long)row * cStride, cStride, accumulate || k > 0);
            }
        }
    }

    private void MultiplyPanels(
        in LeftOperand left, int rows, float* packed, int panelUnits, int firstUnit, int units, Part columns, int outer, float* c,
        int cStride, bool accumulate)
    {
        for (var column = 0; column < columns.Count; column += kernel.WidestPanel)
        {
            var width = kernel.PanelWidth(outer - columns.Start - column);
            var panel = packed + (long)(columns.Start + column) * panelUnits + (long)firstUnit * width;
            kernel.MultiplyPanel(left, rows, panel, width, Math.Min(width, columns.Count - column), units, c + column, cStride, accumulate);
        }
    }

    private int PaddedColumns(int outer)
    {
        var rest = outer % kernel.WidestPanel;
        return outer - rest + (rest == 0 ? 0 : kernel.PanelWidth(rest));
    }

    private static void Clear(float* c, int cStride, int rows, int columns)
    {
        for (var i = 0; i < rows; i++)
            new Span<float>(c + (long)i * cStride, columns).Clear();
    }
}

/// <summary>A range of indices.</summary>
internal readonly record struct Part(int Start, int Count);
