using System.Runtime.CompilerServices;
using TuneGrid.Training.Kernels.Blocked;
using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>Products with <c>vdpbf16ps</c>: operands rounded to bf16, products and sums in fp32.</summary>
internal sealed unsafe class Avx512Bf16PanelKernel : Bf16PanelKernel
{
    private readonly nint[] _panels;

    /// <exception cref="CodeRefusedException">The system gives no executable memory.</exception>
    public Avx512Bf16PanelKernel() => _panels = ExecutableCode.Load([.. Enumerable.Range(1, 4).Select(PanelAssembler.Write)]);

    public override int InnerBlock => 1024;

    public override int WidestPanel => 64;

    public override int TileRows => PanelAssembler.TileRows;

    public override int TransposedInnerBlock => 384;

    public override int TransposedColumns => 48;

    public override int AttentionRows => 48;

    public override int PanelWidth(int columnsLeft) => columnsLeft >= WidestPanel ? WidestPanel : (columnsLeft + Lanes - 1) / Lanes * Lanes;

    public override int Units(int inner) => (inner + 1) / 2;

    public override LeftOperand PackLeftTransposed(float* a, int stride, int inner, int columns, Workspace workspace)
    {
        var width = PanelWidth(columns);
        var panel = workspace.Take<float>((long)Units(inner) * width);
        Interleave(a, stride, inner, columns, panel, width);
        return new(panel, 1, width);
    }

    [SkipLocalsInit]
    public override void MultiplyPanel(
        in LeftOperand left, int rows, float* panel, int width, int columns, int units, float* c, int cStride, bool accumulate)
    {
        var vectors = (columns + Lanes - 1) / Lanes;
        var call = new PanelCall
        {
            Left = left.Data, RowStride = left.RowStride * sizeof(float), UnitStride = left.UnitStride * sizeof(float), Rows = rows,
                Panel = panel, Units = units,
            C = c, CStride = (nint)cStride * sizeof(float), Accumulate = accumulate ? 1 : 0,
            LastColumns = Ones(columns - (vectors - 1) * Lanes), PanelStride = (nint)width * sizeof(float),
        };
        ((delegate* unmanaged<PanelCall*, void>)_panels[vectors - 1])(&call);
    }
}
