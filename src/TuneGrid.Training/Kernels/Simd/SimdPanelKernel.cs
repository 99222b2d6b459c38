using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using TuneGrid.Training.Kernels.Blocked;
using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels.Simd;

/// <summary>fp32 products in registers of one width; A is read where it is.</summary>
internal sealed unsafe class SimdPanelKernel<TLane, TVector> : PanelKernel
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    public override int InnerBlock => 768;

    public override int WidestPanel => (TLane.Count == 16 || AdvSimd.IsSupported ? 4 : 2) * TLane.Count;

    public override int TileRows => ProductTile<TLane, TVector>.Rows;

    public override int TransposedInnerBlock => 192;

    public override int TransposedColumns => 48;

    public override int AttentionRows => WidestPanel == 64 ? 64 : 48;

    public override int PanelWidth(int columnsLeft) => columnsLeft > 2 * TLane.Count ? WidestPanel : 2 * TLane.Count;

    public override int Units(int inner) => inner;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void PackPanel(float* source, int stride, int inner, int columns, float* panel, int width)
    {
        var whole = columns / TLane.Count * TLane.Count;
        for (var k = 0; k < inner; k++, source += stride, panel += width)
        {
            var j = 0;
            for (; j < whole; j += TLane.Count)
                TLane.Store(TLane.Load(source + j), panel + j);
            if (j < columns)
            {
                TLane.Store(TLane.LoadPart(source + j, columns - j), panel + j);
                j += TLane.Count;
            }
            for (; j < width; j += TLane.Count)
                TLane.Store(TLane.Zero, panel + j);
        }
    }

    public override void PackTransposedPanel(float* source, int stride, int inner, int columns, float* panel, int width)
    {
        Transposition.Run(source, stride, columns, inner, panel, width);
        if (columns < width)
            for (var k = 0; k < inner; k++)
                new Span<float>(panel + (long)k * width + columns, width - columns).Clear();
    }

    public override LeftOperand PackLeft(float* a, int stride, int rows, int inner, Workspace workspace) => new(a, stride, 1);

    public override LeftOperand PackLeftTransposed(float* a, int stride, int inner, int columns, Workspace workspace)
    {
        var panel = workspace.Take<float>(inner * TransposedColumns);
        PackPanel(a, stride, inner, columns, panel, TransposedColumns);
        return new(panel, 1, TransposedColumns);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void MultiplyPanel(
        in LeftOperand left, int rows, float* panel, int width, int columns, int units, float* c, int cStride, bool accumulate)
    {
        const int tileRows = ProductTile<TLane, TVector>.Rows;
        var scratch = stackalloc float[tileRows * 64];
        for (var row = 0; row < rows; row += tileRows)
        {
            var tile = Math.Min(tileRows, rows - row);
            var whole = tile == tileRows && columns == width;
            var target = whole ? c + (long)row * cStride : scratch;
            var targetStride = whole ? cStride : width;
            if (width > 2 * TLane.Count)
                ProductTile<TLane, TVector>.Run6x4(
                    left.Data + row * left.RowStride, left.RowStride, left.UnitStride, tile, panel, units, target, targetStride,
                    whole && accumulate);
            else
                ProductTile<TLane, TVector>.Run6x2(
                    left.Data + row * left.RowStride, left.RowStride, left.UnitStride, tile, panel, units, target, targetStride,
                    whole && accumulate);
            if (!whole)
                TileCopy.Run<TLane, TVector>(scratch, width, tile, columns, c + (long)row * cStride, cStride, accumulate);
        }
    }
}
