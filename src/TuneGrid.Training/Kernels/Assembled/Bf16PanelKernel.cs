using System.Runtime.CompilerServices;
using TuneGrid.Training.Kernels.Blocked;
using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>What the bf16 levels share: operands as pairs of bf16 along the contracted dimension.</summary>
internal abstract unsafe class Bf16PanelKernel : PanelKernel
{
    protected const int Lanes = 16;
    private readonly delegate* unmanaged<PackCall*, void> _convertRows;
    private readonly delegate* unmanaged<PackCall*, void> _transpose;
    private readonly nint[] _interleaveRows;

    protected Bf16PanelKernel()
    {
        var code = ExecutableCode.Load(
        [
            PackAssembler.WriteConvertRows(), TransposeAssembler.Write(),
            .. Enumerable.Range(1, 4).Select(PackAssembler.WriteInterleaveRows),
        ]);
        _convertRows = (delegate* unmanaged<PackCall*, void>)code[0];
        _transpose = (delegate* unmanaged<PackCall*, void>)code[1];
        _interleaveRows = code[2..];
    }

    public override void PackPanel(float* source, int stride, int inner, int columns, float* panel, int width)
    {
        var units = (inner + 1) / 2;
        Interleave(source, stride, inner, columns, panel, width);
        new Span<float>(panel + (long)units * width, (Units(inner) - units) * width).Clear();
    }

    public override void PackTransposedPanel(float* source, int stride, int inner, int columns, float* panel, int width)
    {
        var column = 0;
        for (; column + Lanes <= columns; column += Lanes)
            Transpose(source + (long)column * stride, stride, inner, panel + column, width);
        if (column == width)
            return;
        // What is left of the columns goes through sixteen rows of scratch, zero where the source has none.
        var rows = stackalloc float[Lanes * 32];
        new Span<float>(rows, Lanes * 32).Clear();
        for (var k = 0; k < inner; k += 32)
        {
            var depth = Math.Min(32, inner - k);
            for (var j = column; j < columns; j++)
                new Span<float>(source + (long)j * stride + k, depth).CopyTo(new(rows + (j - column) * 32, depth));
            Transpose(rows, 32, depth, panel + (long)(k / 2) * width + column, width);
        }
    }

    /// <summary>
    /// A bf16 copy, each row padded to whole registers and shifted against the last, so that rows don't fall into the same cache sets.
    /// </summary>
    public override LeftOperand PackLeft(float* a, int stride, int rows, int inner, Workspace workspace)
    {
        var rowUnits = (inner + 31) / 32 * 16 + 16;
        var target = workspace.Take<float>((long)rows * rowUnits);
        Convert(a, stride, rows, inner, target, rowUnits);
        return new(target, rowUnits, 1);
    }

    /// <summary>Source rows [rows, inner] to rows of bf16 pairs, zero-padded to whole registers of 16 pairs.</summary>
    [SkipLocalsInit]
    protected void Convert(float* source, int stride, int rows, int inner, float* target, int targetUnits)
    {
        if (rows == 0 || inner == 0)
            return;
        var rest = inner % 32;
        var call = new PackCall
        {
            Source = source, SourceStride = (nint)stride * sizeof(float), Rows = rows, Target = target,
                TargetStride = (nint)targetUnits * sizeof(float),
            Rest = inner / 32, Columns = Ones(Math.Min(rest, 16)), MoreColumns = Ones(Math.Max(rest - 16, 0)),
        };
        _convertRows(&call);
    }

    /// <summary>Source [16, inner] to its transpose in pairs [units, 16].</summary>
    [SkipLocalsInit]
    private void Transpose(float* source, int stride, int inner, float* target, int targetUnits)
    {
        var rest = inner % 32;
        var call = new PackCall
        {
            Source = source, SourceStride = (nint)stride * sizeof(float), Rows = inner / 32, Target = target,
                TargetStride = (nint)targetUnits * sizeof(float),
            Rest = Units(inner) - inner / 32 * Lanes, Columns = Ones(Math.Min(rest, Lanes)), MoreColumns = Ones(Math.Max(rest - Lanes, 0)),
        };
        _transpose(&call);
    }

    /// <summary>
    /// Source [inner, columns] to pairs of rows [units, width]; the width is the columns rounded up to whole registers, at most four.
    /// </summary>
    [SkipLocalsInit]
    protected void Interleave(float* source, int stride, int inner, int columns, float* target, int width)
    {
        var call = new PackCall
        {
            Source = source, SourceStride = (nint)stride * sizeof(float), Rows = inner / 2, Target = target,
                TargetStride = (nint)width * sizeof(float),
            Rest = inner % 2, Columns = Ones(columns - (width - 16)),
        };
        ((delegate* unmanaged<PackCall*, void>)_interleaveRows[width / 16 - 1])(&call);
    }

    protected static ulong Ones(int count) => (1ul << count) - 1;
}
