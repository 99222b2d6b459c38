using System.Runtime.CompilerServices;
using TuneGrid.Training.Kernels.Simd;

namespace TuneGrid.Training.Kernels.Blocked;

internal sealed unsafe partial class BlockedAttentionKernels<TLane, TVector>
{
    public void Backward(
        in AttentionShape shape, float* q, float* k, float* v, int stride, float* output, float* outputGradient, int outputStride, float* logSumExp,
        float* dq, float* dk, float* dv, int gradientStride, Workspace workspace)
    {
        using var mark = workspace.Mark();
        var (rows, width) = (shape.Rows, shape.HeadWidth);
        var scratch = new BackwardScratch(
            Take(rows, width, transposed: true, workspace), Take(rows, width, transposed: false, workspace), Take(rows, width, transposed: true, workspace),
            workspace.Take<float>(QueryBlock * KeyChunk), workspace.Take<float>(QueryBlock * KeyChunk), workspace);
        matrix.Begin();
        for (var head = 0; head < shape.Heads; head++)
        {
            var column = head * width;
            matrix.Pack(k + column, stride, width, rows, transposed: true, scratch.KeysTransposed.Data);
            matrix.Pack(k + column, stride, rows, width, transposed: false, scratch.Keys.Data);
            matrix.Pack(v + column, stride, width, rows, transposed: true, scratch.ValuesTransposed.Data);
            for (var i = 0; i < rows; i++)
            {
                new Span<float>(dk + (long)i * gradientStride + column, width).Clear();
                new Span<float>(dv + (long)i * gradientStride + column, width).Clear();
            }
            for (var first = 0; first < rows; first += QueryBlock)
            {
                var count = Math.Min(QueryBlock, rows - first);
                BackwardBlock(
                    shape, new(first, count), q + (long)first * stride + column, stride, output + (long)first * outputStride + column,
                    outputGradient + (long)first * outputStride + column, outputStride, logSumExp + (long)head * rows + first,
                    dq + (long)first * gradientStride + column, dk + column, dv + column, gradientStride, scratch);
            }
        }
        matrix.End();
    }

    /// <summary>One block of queries against every key it sees: with p the probabilities, ds = scale p (do·v - do·o), dq = ds·k, dk += dsᵀ·q, dv += pᵀ·do.</summary>
    private void BackwardBlock(
        in AttentionShape shape, Part queries, float* q, int stride, float* output, float* outputGradient, int outputStride, float* logSumExp,
        float* dq, float* dk, float* dv, int gradientStride, in BackwardScratch scratch)
    {
        var (count, width, workspace) = (queries.Count, shape.HeadWidth, scratch.Workspace);
        var p = scratch.Probabilities;
        var ds = scratch.ScoreGradients;
        var start = FirstKey(shape, queries.Start);
        for (var key = start; key < queries.Start + count; key += KeyChunk)
        {
            var chunk = new Part(key, Math.Min(KeyChunk, queries.Start + count - key));
            matrix.MultiplyPart(q, stride, count, scratch.KeysTransposed, new(0, width), chunk, p, KeyChunk, accumulate: false, workspace);
            matrix.MultiplyPart(outputGradient, outputStride, count, scratch.ValuesTransposed, new(0, width), chunk, ds, KeyChunk, accumulate: false, workspace);
            for (var i = 0; i < count; i++)
            {
                var delta = Dot(output + (long)i * outputStride, outputGradient + (long)i * outputStride, width);
                BackwardRow(shape, queries.Start + i, chunk, p + i * KeyChunk, ds + i * KeyChunk, logSumExp[i], delta);
            }
            matrix.MultiplyPart(ds, KeyChunk, count, scratch.Keys, chunk, new(0, width), dq, gradientStride, accumulate: key > start, workspace);
            matrix.MultiplyTransposedPart(
                ds, KeyChunk, chunk.Count, q, stride, width, count, dk + (long)key * gradientStride, gradientStride, accumulate: true, workspace);
            matrix.MultiplyTransposedPart(
                p, KeyChunk, chunk.Count, outputGradient, outputStride, width, count, dv + (long)key * gradientStride, gradientStride, accumulate: true, workspace);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRow(in AttentionShape shape, int row, Part chunk, float* scores, float* gradients, float logSumExp, float delta)
    {
        var (from, to) = Visible(shape, row, chunk, scores);
        for (var j = 0; j < from; j += TLane.Count)
            TLane.Store(TLane.Zero, gradients + j);
        for (var j = to; j < RoundUp(chunk.Count); j += TLane.Count)
            TLane.Store(TLane.Zero, gradients + j);
        var scale = TLane.Create(shape.Scale);
        var offset = TLane.Create(-logSumExp);
        var shift = TLane.Create(-delta * shape.Scale);
        for (var j = from; j < to; j += TLane.Count)
        {
            var p = VectorMath.Exp<TLane, TVector>(TLane.MultiplyAdd(scale, TLane.Load(scores + j), offset));
            TLane.Store(p, scores + j);
            TLane.Store(TLane.Multiply(p, TLane.MultiplyAdd(scale, TLane.Load(gradients + j), shift)), gradients + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(float* x, float* y, int count)
    {
        var sum = TLane.Zero;
        var j = 0;
        for (; j + TLane.Count <= count; j += TLane.Count)
            sum = TLane.MultiplyAdd(TLane.Load(x + j), TLane.Load(y + j), sum);
        if (j < count)
            sum = TLane.MultiplyAdd(TLane.LoadPart(x + j, count - j), TLane.LoadPart(y + j, count - j), sum);
        return TLane.Sum(sum);
    }

    private readonly struct BackwardScratch(
        PackedMatrix keysTransposed, PackedMatrix keys, PackedMatrix valuesTransposed, float* probabilities, float* scoreGradients, Workspace workspace)
    {
        public PackedMatrix KeysTransposed { get; } = keysTransposed;

        public PackedMatrix Keys { get; } = keys;

        public PackedMatrix ValuesTransposed { get; } = valuesTransposed;

        public float* Probabilities { get; } = probabilities;

        public float* ScoreGradients { get; } = scoreGradients;

        public Workspace Workspace { get; } = workspace;
    }
}
