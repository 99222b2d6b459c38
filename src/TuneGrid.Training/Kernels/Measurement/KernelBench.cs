using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels.Measurement;

/// <summary>Times the products and the attention of one level of the ladder, on one thread, at the shapes of real models.</summary>
public static unsafe class KernelBench
{
    private const int Rows = 512, Context = 256, HeadWidth = 32, Vocabulary = 2048;

    /// <summary>Measures one after the other, so that a caller can show each as it comes.</summary>
    /// <param name="peak">What <see cref="PeakBench"/> measured for this level, or null.</param>
    /// <param name="widths">Widths of the residual stream, for example 128, 192 and 512.</param>
    public static IEnumerable<KernelMeasurement> Run(KernelSet kernels, KernelPeak? peak, IReadOnlyList<int> widths)
    {
        foreach (var width in widths)
        {
            (int, int)[] sizes = [(width, 3 * width), (width, width), (width, 4 * width), (4 * width, width), (width, Vocabulary)];
            foreach (var (inner, outer) in sizes)
            {
                yield return Multiply(kernels.Matrix, peak, inner, outer);
                yield return MultiplyTransposed(kernels.Matrix, peak, inner, outer);
            }
            foreach (var measurement in Attention(kernels.Attention, peak, width / HeadWidth))
                yield return measurement;
        }
    }

    private static KernelMeasurement Multiply(IMatrixKernels kernels, KernelPeak? peak, int inner, int outer)
    {
        using var workspace = new Workspace();
        var a = Numbers(workspace, (long)Rows * inner);
        var b = Numbers(workspace, (long)inner * outer);
        var c = Numbers(workspace, (long)Rows * outer);
        var packed = new PackedMatrix(workspace.Take<byte>(kernels.PackedBytes(inner, outer)), inner, outer);
        kernels.Pack(b, outer, inner, outer, transposed: false, packed.Data);
        var seconds = BestTime.Of(() => kernels.Multiply(a, inner, Rows, packed, c, outer, accumulate: false, workspace));
        return Row("multiply", $"{Rows}x{inner}x{outer}", 2.0 * Rows * inner * outer, seconds, peak);
    }

    private static KernelMeasurement MultiplyTransposed(IMatrixKernels kernels, KernelPeak? peak, int inner, int outer)
    {
        using var workspace = new Workspace();
        var a = Numbers(workspace, (long)Rows * outer);
        var b = Numbers(workspace, (long)Rows * inner);
        var c = Numbers(workspace, (long)outer * inner);
        var seconds = BestTime.Of(() =>
            kernels.MultiplyTransposed(a, outer, outer, b, inner, inner, Rows, c, inner, accumulate: true, workspace));
        return Row("multiply transposed", $"{outer}x{Rows}x{inner}", 2.0 * Rows * inner * outer, seconds, peak);
    }

    /// <summary>Only the products that causal attention cannot avoid are counted: half of the full matrix.</summary>
    private static IEnumerable<KernelMeasurement> Attention(IAttentionKernels kernels, KernelPeak? peak, int heads)
    {
        var flops = 2.0 * 2 * heads * HeadWidth * Context * (Context + 1) / 2;
        var (forward, backward) = TimeAttention(kernels, heads);
        var shape = $"{Context} positions, {heads} x {HeadWidth}";
        yield return Row("attention forward", shape, flops, forward, peak);
        yield return Row("attention backward", shape, 2.5 * flops, backward, peak);
    }

    private static (double Forward, double Backward) TimeAttention(IAttentionKernels kernels, int heads)
    {
        using var workspace = new Workspace();
        var width = heads * HeadWidth;
        var stride = 3 * width;
        var fused = Numbers(workspace, (long)Context * stride);
        var fusedGradient = Numbers(workspace, (long)Context * stride);
        var output = Numbers(workspace, (long)Context * width);
        var outputGradient = Numbers(workspace, (long)Context * width);
        var logSumExp = Numbers(workspace, (long)Context * heads);
        var shape = new AttentionShape(Context, heads, HeadWidth, 1 / MathF.Sqrt(HeadWidth), null);
        var forward = BestTime.Of(() =>
            kernels.Forward(shape, fused, fused + width, fused + 2 * width, stride, output, width, logSumExp, workspace));
        var backward = BestTime.Of(() => kernels.Backward(
            shape, fused, fused + width, fused + 2 * width, stride, output, outputGradient, width, logSumExp,
            fusedGradient, fusedGradient + width, fusedGradient + 2 * width, stride, workspace));
        return (forward, backward);
    }

    private static KernelMeasurement Row(string kernel, string shape, double flops, double seconds, KernelPeak? peak)
    {
        var gigaflops = flops / seconds / 1e9;
        return new(kernel, shape, gigaflops, peak == null ? 0 : gigaflops / peak.GigaflopsPerSecond);
    }

    /// <summary>Values between -0.5 and 0.5 without a pattern that rounding could profit from.</summary>
    private static float* Numbers(Workspace workspace, long count)
    {
        var numbers = workspace.Take<float>(count);
        var state = 12345u;
        for (var i = 0L; i < count; i++)
        {
            state = state * 1664525 + 1013904223;
            numbers[i] = (state >> 8) / (float)(1 << 24) - 0.5f;
        }
        return numbers;
    }
}
