using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels;

/// <param name="rows">Query and key positions of the sequence, T.</param>
/// <param name="heads">Number of heads; head h lies at column h * HeadWidth of every operand.</param>
/// <param name="scale">Multiplies q·k before the softmax.</param>
/// <param name="firstVisible">
/// [Rows] the first key position row i may attend to (non-decreasing, at most i), or null for plain causal attention.
/// </param>
internal readonly unsafe struct AttentionShape(int rows, int heads, int headWidth, float scale, int* firstVisible)
{
    public int Rows { get; } = rows;

    public int Heads { get; } = heads;

    public int HeadWidth { get; } = headWidth;

    public float Scale { get; } = scale;

    public int* FirstVisible { get; } = firstVisible;
}

/// <summary>
/// Causal attention of one sequence, all heads, single-threaded, blocked so that no [T, T] matrix is formed (FlashAttention-2,
/// arXiv:2307.08691). Operands are row-major [Rows, Heads*HeadWidth] fp32 with their own row strides, so q, k and v may be column ranges of
/// one fused matrix.
/// </summary>
internal unsafe interface IAttentionKernels
{
    /// <param name="logSumExp">[Heads, Rows], written for the backward pass; may be null.</param>
    void Forward(
        in AttentionShape shape, float* q, float* k, float* v, int stride, float* output, int outputStride, float* logSumExp,
        Workspace workspace);

    /// <summary>Writes dq, dk, dv (overwriting), recomputing the probabilities from <paramref name="logSumExp"/>.</summary>
    void Backward(
        in AttentionShape shape, float* q, float* k, float* v, int stride, float* output, float* outputGradient, int outputStride,
        float* logSumExp, float* dq, float* dk, float* dv, int gradientStride, Workspace workspace);
}
