using System.Runtime.CompilerServices;
using TuneGrid.Training.Kernels.Simd;
using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels.Blocked;

internal sealed unsafe partial class BlockedAttentionKernels<TLane, TVector>
{
    /// <summary>
    /// Everything is kept transposed, [keys, queries]: then dv and dk are plain products over all queries at once, and the statistics of
    /// the queries lie along the registers.
    /// </summary>
    public void Backward(
        in AttentionShape shape, float* q, float* k, float* v, int stride, float* output, float* outputGradient, int outputStride,
        float* logSumExp, float* dq, float* dk, float* dv, int gradientStride, Workspace workspace)
    {
        using var mark = workspace.Mark();
        var (rows, width) = (shape.Rows, shape.HeadWidth);
        var head = new BackwardHead
        {
            QueriesTransposed = Take(width, rows, workspace), Queries = Take(rows, width, workspace),
            GradientsTransposed = Take(width, rows, workspace), Gradients = Take(rows, width, workspace),
            MinusDelta = workspace.Take<float>(RoundUp(rows)), MinusLogSumExp = workspace.Take<float>(RoundUp(rows)),
            Probabilities = workspace.Take<float>(MaxBlock * ScoreStride), ScoreGradients = workspace.Take<float>(MaxBlock * ScoreStride),
        };
        matrix.Begin();
        for (var h = 0; h < shape.Heads; h++)
        {
            var column = h * width;
            var gradient = outputGradient + column;
            matrix.Pack(q + column, stride, width, rows, transposed: true, head.QueriesTransposed.Data);
            matrix.Pack(q + column, stride, rows, width, transposed: false, head.Queries.Data);
            matrix.Pack(gradient, outputStride, width, rows, transposed: true, head.GradientsTransposed.Data);
            matrix.Pack(gradient, outputStride, rows, width, transposed: false, head.Gradients.Data);
            FillStatistics(shape, output + column, gradient, outputStride, logSumExp + (long)h * rows, head);
            for (var i = 0; i < rows; i++)
                new Span<float>(dq + (long)i * gradientStride + column, width).Clear();
            var end = 0;
            for (var first = 0; first < rows; first += MaxBlock)
            {
                var keys = new Part(first, Math.Min(MaxBlock, rows - first));
                end = EndOfQueries(shape, first + keys.Count - 1, end);
                var at = (long)first * gradientStride + column;
                BackwardBlock(
                    shape, keys, end, k + (long)first * stride + column, v + (long)first * stride + column, stride, head,
                    dq + column, dk + at, dv + at, gradientStride, workspace);
            }
        }
        matrix.End();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillStatistics(
        in AttentionShape shape, float* output, float* gradient, int stride, float* logSumExp, in BackwardHead head)
    {
        for (var i = 0; i < shape.Rows; i++, output += stride, gradient += stride)
        {
            head.MinusLogSumExp[i] = -Log2E * logSumExp[i];
            head.MinusDelta[i] = -shape.Scale * Dot(output, gradient, shape.HeadWidth);
        }
    }

    /// <summary>
    /// One block of keys against every query that sees it: with p the probabilities, ds = scale p (do·v - do·o), dv = pᵀ·do, dk =
    /// dsᵀ·q, dq += ds·k.
    /// </summary>
    private void BackwardBlock(
        in AttentionShape shape, Part keys, int end, float* k, float* v, int stride, in BackwardHead head, float* dq, float* dk, float* dv,
        int gradientStride, Workspace workspace)
    {
        var (count, width) = (keys.Count, shape.HeadWidth);
        for (var query = keys.Start; query < end; query += Chunk)
        {
            var chunk = new Part(query, Math.Min(Chunk, end - query));
            var more = query > keys.Start;
            matrix.MultiplyPart(
                k, stride, count, head.QueriesTransposed, new(0, width), chunk, head.Probabilities, ScoreStride, accumulate: false,
                workspace);
            matrix.MultiplyPart(
                v, stride, count, head.GradientsTransposed, new(0, width), chunk, head.ScoreGradients, ScoreStride, accumulate: false,
                workspace);
            BackwardRows(shape, keys, chunk, head);
            matrix.MultiplyPart(
                head.Probabilities, ScoreStride, count, head.Gradients, chunk, new(0, width), dv, gradientStride, more, workspace);
            matrix.MultiplyPart(
                head.ScoreGradients, ScoreStride, count, head.Queries, chunk, new(0, width), dk, gradientStride, more, workspace);
            matrix.MultiplyTransposedPart(
                head.ScoreGradients, ScoreStride, chunk.Count, k, stride, width, count, dq + (long)query * gradientStride, gradientStride,
                accumulate: true, workspace);
        }
    }

    /// <summary>Scores become probabilities, and do·v becomes ds; both 0 where the query does not see the key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRows(in AttentionShape shape, Part keys, Part chunk, in BackwardHead head)
    {
        var scale = TLane.Create(shape.Scale);
        var scale2 = TLane.Create(shape.Scale * Log2E);
        var padded = RoundUp(chunk.Count);
        var end = 0;
        for (var i = 0; i < keys.Count; i++)
        {
            var key = keys.Start + i;
            end = EndOfQueries(shape, key, end);
            var (first, last) = (Math.Max(0, key - chunk.Start), Math.Min(end - chunk.Start, chunk.Count));
            var p = head.Probabilities + i * ScoreStride;
            var ds = head.ScoreGradients + i * ScoreStride;
            var visible = HideOthers(p, padded, first, last, Hidden);
            HideOthers(ds, padded, first, last, 0);
            var minusLogSumExp = head.MinusLogSumExp + chunk.Start;
            var minusDelta = head.MinusDelta + chunk.Start;
            for (var j = visible.Start; j < visible.Start + visible.Count; j += TLane.Count)
            {
                var x = VectorMath.Exp2<TLane, TVector>(TLane.MultiplyAdd(scale2, TLane.Load(p + j), TLane.Load(minusLogSumExp + j)));
                TLane.Store(x, p + j);
                TLane.Store(TLane.Multiply(x, TLane.MultiplyAdd(scale, TLane.Load(ds + j), TLane.Load(minusDelta + j))), ds + j);
            }
        }
    }

    /// <summary>Behind the last query that sees this key, found by going on from the one for an earlier key.</summary>
    private static int EndOfQueries(in AttentionShape shape, int key, int earlier)
    {
        if (shape.FirstVisible == null)
            return shape.Rows;
        var end = Math.Max(earlier, key + 1);
        while (end < shape.Rows && shape.FirstVisible[end] <= key)
            end++;
        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    /// <summary>
    /// One head's operands, packed, its queries' statistics (scaled, in base 2, negated), and scratch of [MaxBlock, Chunk] for scores and
    /// their gradients.
    /// </summary>
    private struct BackwardHead
    {
        public PackedMatrix QueriesTransposed, Queries, GradientsTransposed, Gradients;
        public float* MinusDelta, MinusLogSumExp, Probabilities, ScoreGradients;
    }
}
