using TuneGrid.Training.Kernels;
using TuneGrid.Training.Kernels.Reference;
using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Tests.Kernels;

/// <summary>Attention of every level against the reference: odd sizes, fused strides, packed documents, several key chunks.</summary>
public abstract unsafe class AttentionKernelsContract(InstructionSet set, KernelSet kernels)
{
    private readonly KernelSet _kernels = kernels;

    /// <summary>
    /// bf16 keeps 8 bits: probabilities and scores carry a relative error up to 2^-8 each; fp32 is limited by the order of sums.
    /// </summary>
    private float Tolerance => set.RoundsToBf16() ? 0.03f : 2e-5f;

    public static TheoryData<int, int, int, int> Shapes() => new()
    {
        // rows, heads, head width, length of documents (0: one)
        { 1, 1, 1, 0 }, { 7, 2, 3, 0 }, { 17, 1, 16, 5 }, { 64, 2, 32, 0 }, { 65, 3, 20, 9 }, { 100, 2, 33, 31 }, { 128, 1, 128, 0 },
        { 200, 2, 32, 70 }, { 256, 2, 32, 0 }, { 600, 1, 24, 0 }, { 1100, 1, 16, 550 },
    };

    [KernelTheory]
    [MemberData(nameof(Shapes))]
    public void ForwardEqualsTheReference(int rows, int heads, int headWidth, int document)
    {
        using var run = new Run(rows, heads, headWidth, document);
        run.Forward(_kernels.Attention, run.Output, run.LogSumExp);
        run.Forward(new ReferenceAttentionKernels(), run.ExpectedOutput, run.ExpectedLogSumExp);
        AssertClose(run.ExpectedOutput, run.Output, run.Width, run.OutputStride);
        AssertClose(run.ExpectedLogSumExp, run.LogSumExp, rows, rows);
    }

    [KernelTheory]
    [MemberData(nameof(Shapes))]
    public void BackwardEqualsTheReference(int rows, int heads, int headWidth, int document)
    {
        using var run = new Run(rows, heads, headWidth, document);
        run.Forward(new ReferenceAttentionKernels(), run.Output, run.LogSumExp);
        run.Backward(_kernels.Attention, run.Gradients);
        run.Backward(new ReferenceAttentionKernels(), run.ExpectedGradients);
        AssertClose(run.ExpectedGradients, run.Gradients, 3 * run.Width, run.GradientStride);
    }

    [KernelFact]
    public void NaNInOneKeyReachesTheRowsThatSeeIt()
    {
        using var run = new Run(70, 1, 16, 0);
        run.Fused.Data[50 * run.Stride + 16] = float.NaN;
        run.Forward(_kernels.Attention, run.Output, run.LogSumExp);
        Assert.True(float.IsNaN(run.Output.Data[60 * run.OutputStride]));
        Assert.True(float.IsNaN(run.LogSumExp.Data[50]));
        Assert.True(float.IsFinite(run.LogSumExp.Data[49]));
    }

    private void AssertClose(NativeArray expected, NativeArray actual, int width, int stride)
    {
        for (var i = 0; i < expected.Count; i++)
            if (i % stride < width)
                Assert.True(
                    MathF.Abs(expected.Data[i] - actual.Data[i]) <= Tolerance * MathF.Max(1, MathF.Abs(expected.Data[i])),
                    $"row {i / stride}, column {i % stride}: expected {expected.Data[i]}, got {actual.Data[i]}");
        actual.AssertGuardsIntact();
    }

    private sealed class Run : IDisposable
    {
        private readonly Workspace _workspace = new();
        private readonly int _rows, _heads, _headWidth;
        private readonly int[] _firstVisible;

        public Run(int rows, int heads, int headWidth, int document)
        {
            (_rows, _heads, _headWidth) = (rows, heads, headWidth);
            (Width, Stride, OutputStride, GradientStride) =
                (heads * headWidth, 3 * heads * headWidth + 1, heads * headWidth + 2, 3 * heads * headWidth + 3);
            _firstVisible = document == 0 ? [] : [.. Enumerable.Range(0, rows).Select(i => i / document * document)];
            Fused = NativeArray.Random(rows * Stride, 1, 1.5f);
            OutputGradient = NativeArray.Random(rows * OutputStride, 2);
            (Output, ExpectedOutput) = (new(rows * OutputStride), new(rows * OutputStride));
            (LogSumExp, ExpectedLogSumExp) = (new(rows * heads), new(rows * heads));
            (Gradients, ExpectedGradients) = (new(rows * GradientStride), new(rows * GradientStride));
        }

        public int Width { get; }

        public int Stride { get; }

        public int OutputStride { get; }

        public int GradientStride { get; }

        public NativeArray Fused { get; }

        public NativeArray OutputGradient { get; }

        public NativeArray Output { get; }

        public NativeArray ExpectedOutput { get; }

        public NativeArray LogSumExp { get; }

        public NativeArray ExpectedLogSumExp { get; }

        public NativeArray Gradients { get; }

        public NativeArray ExpectedGradients { get; }

        public void Forward(IAttentionKernels kernels, NativeArray output, NativeArray logSumExp)
        {
            fixed (int* firstVisible = _firstVisible)
                kernels.Forward(
                    Shape(firstVisible), Fused.Data, Fused.Data + Width, Fused.Data + 2 * Width, Stride, output.Data, OutputStride,
                    logSumExp.Data, _workspace);
        }

        public void Backward(IAttentionKernels kernels, NativeArray gradients)
        {
            fixed (int* firstVisible = _firstVisible)
                kernels.Backward(
                    Shape(firstVisible), Fused.Data, Fused.Data + Width, Fused.Data + 2 * Width, Stride, Output.Data, OutputGradient.Data,
                    OutputStride, LogSumExp.Data, gradients.Data, gradients.Data + Width, gradients.Data + 2 * Width, GradientStride,
                    _workspace);
        }

        private AttentionShape Shape(int* firstVisible) => new(_rows, _heads, _headWidth, 1 / MathF.Sqrt(_headWidth), firstVisible);

        public void Dispose()
        {
            NativeArray[] arrays =
                [Fused, OutputGradient, Output, ExpectedOutput, LogSumExp, ExpectedLogSumExp, Gradients, ExpectedGradients];
            foreach (var array in arrays)
                array.Dispose();
            _workspace.Dispose();
        }
    }
}

[RunsOn(InstructionSet.Reference)]
public sealed class ReferenceAttentionKernelsTests()
    : AttentionKernelsContract(InstructionSet.Reference, KernelLadder.For(InstructionSet.Reference));

[RunsOn(InstructionSet.Vector128)]
public sealed class Vector128AttentionKernelsTests()
    : AttentionKernelsContract(InstructionSet.Vector128, KernelLadder.For(InstructionSet.Vector128));

[RunsOn(InstructionSet.Avx2)]
public sealed class Avx2AttentionKernelsTests() : AttentionKernelsContract(InstructionSet.Avx2, KernelLadder.For(InstructionSet.Avx2));

[RunsOn(InstructionSet.Avx512)]
public sealed class Avx512AttentionKernelsTests()
    : AttentionKernelsContract(InstructionSet.Avx512, KernelLadder.For(InstructionSet.Avx512));

[RunsOn(InstructionSet.Avx512Bf16)]
public sealed class Avx512Bf16AttentionKernelsTests()
    : AttentionKernelsContract(InstructionSet.Avx512Bf16, KernelLadder.For(InstructionSet.Avx512Bf16));

[RunsOn(InstructionSet.Amx)]
public sealed class AmxAttentionKernelsTests() : AttentionKernelsContract(InstructionSet.Amx, KernelLadder.For(InstructionSet.Amx));
