using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TuneGrid.Training.Kernels.Blocked;
using TuneGrid.Training.Kernels.Simd;
using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>Products in AMX tiles of bf16, sums in fp32. Partial tiles at the edges of C go through a scratch tile.</summary>
internal unsafe class AmxPanelKernel : Bf16PanelKernel
{
    private const int Configure = 0, Release = 1, FirstPanel = 2;
    private readonly nint[] _code;
    private readonly byte* _configuration;

    /// <exception cref="CodeRefusedException">The system gives no tiles or no executable memory.</exception>
    public AmxPanelKernel()
    {
        RequestTiles();
        _code = ExecutableCode.Load(
            [AmxAssembler.WriteConfigure(), AmxAssembler.WriteRelease(), AmxAssembler.WritePanel(1), AmxAssembler.WritePanel(2)]);
        _configuration = (byte*)NativeMemory.AlignedAlloc(64, 64);
        AmxAssembler.Configuration().CopyTo(new Span<byte>(_configuration, 64));
    }

    public override int InnerBlock => 1024;

    public override int WidestPanel => 32;

    public override int TileRows => AmxAssembler.TileRows;

    public override int TransposedInnerBlock => 384;

    public override int TransposedColumns => 64;

    public override int AttentionRows => 64;

    public override int PanelWidth(int columnsLeft) => columnsLeft > 16 ? 32 : 16;

    public override int Units(int inner) => (inner + 31) / 32 * AmxAssembler.TileUnits;

    /// <summary>
    /// The tile configuration is a thread's own, and kept only during a product: configured tiles make every context switch dearer.
    /// </summary>
    public override void Begin() => ((delegate* unmanaged<byte*, void>)_code[Configure])(_configuration);

    public override void End() => ((delegate* unmanaged<void>)_code[Release])();

    public override LeftOperand PackLeft(float* a, int stride, int rows, int inner, Workspace workspace)
    {
        var rowUnits = Units(inner) + AmxAssembler.TileUnits;
        var target = workspace.Take<float>((long)WholeTiles(rows) * rowUnits);
        Convert(a, stride, rows, inner, target, rowUnits);
        return new(target, rowUnits, 1);
    }

    /// <summary>Pairs of rows first, then their transpose: tiles want A's rows along memory.</summary>
    public override LeftOperand PackLeftTransposed(float* a, int stride, int inner, int columns, Workspace workspace)
    {
        var width = (columns + 15) / 16 * 16;
        var rowUnits = Units(inner) + AmxAssembler.TileUnits;
        var target = workspace.Take<float>((long)WholeTiles(columns) * rowUnits);
        var panel = workspace.Take<float>((long)Units(inner) * width);
        PackPanel(a, stride, inner, columns, panel, width);
        Transposition.Run(panel, width, Units(inner), width, target, rowUnits);
        return new(target, rowUnits, 1);
    }

    [SkipLocalsInit]
    public override void MultiplyPanel(
        in LeftOperand left, int rows, float* panel, int width, int columns, int units, float* c, int cStride, bool accumulate)
    {
        var direct = columns == width ? rows / TileRows * TileRows : 0;
        if (direct > 0)
            Run(left, 0, direct, panel, width, units, c, cStride, accumulate);
        var scratch = stackalloc float[AmxAssembler.TileRows * 32];
        for (var row = direct; row < rows; row += TileRows)
        {
            Run(left, row, TileRows, panel, width, units, scratch, width, accumulate: false);
            TileCopy.Run<Lane512, Vector512<float>>(
                scratch, width, Math.Min(TileRows, rows - row), columns, c + (long)row * cStride, cStride, accumulate);
        }
    }

    private void Run(in LeftOperand left, int row, int rows, float* panel, int width, int units, float* c, int cStride, bool accumulate)
    {
        var call = new PanelCall
        {
            Left = left.Data + row * left.RowStride, RowStride = left.RowStride * sizeof(float), Rows = rows, Panel = panel, Units = units,
            C = c, CStride = (nint)cStride * sizeof(float), Accumulate = accumulate ? 1 : 0, PanelStride = (nint)width * sizeof(float),
        };
        RunPanel(width / 16, &call);
    }

    /// <summary>Runs the assembled product for panels of so many column tiles; a seam for the test that has no such processor.</summary>
    protected virtual void RunPanel(int columnTiles, PanelCall* call) =>
        ((delegate* unmanaged<PanelCall*, void>)_code[FirstPanel + columnTiles - 1])(call);

    protected virtual void RequestTiles() => AmxPermission.Request();

    private static int WholeTiles(int rows) => (rows + AmxAssembler.TileRows - 1) / AmxAssembler.TileRows * AmxAssembler.TileRows;
}
