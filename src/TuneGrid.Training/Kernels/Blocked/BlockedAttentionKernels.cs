using System.Runtime.CompilerServices;
using TuneGrid.Training.Kernels.Simd;
using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels.Blocked;

/// <summary>
/// FlashAttention-2 (arXiv:2307.08691) over the tiles of one level of the ladder. Forward: blocks of queries against chunks of keys, the
/// softmax running along. Backward: blocks of keys against chunks of queries. Chunks are long, so that contexts up to <see cref="Chunk"/>
/// need no rescaling at all.
/// </summary>
internal sealed unsafe partial class BlockedAttentionKernels<TLane, TVector>(BlockedMatrixKernels matrix) : IAttentionKernels
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    private const int Chunk = 512;
    /// <summary>Rows of scores, shifted against each other so that they don't fall into the same cache sets.</summary>
    private const int ScoreStride = Chunk + 16;
    private const int MaxBlock = 64;

    private const float Log2E = 1.44269504f, Ln2 = 0.693147181f;

    /// <summary>A score that weighs nothing, and is still finite.</summary>
    private const float Hidden = -1e30f;

    /// <summary>Chunks start at whole panels of every level.</summary>
    private const int Alignment = 64;

    public void Forward(
        in AttentionShape shape, float* q, float* k, float* v, int stride, float* output, int outputStride, float* logSumExp,
        Workspace workspace)
    {
        using var mark = workspace.Mark();
        var (rows, width) = (shape.Rows, shape.HeadWidth);
        var keys = Take(width, rows, workspace);
        var values = Take(rows, width, workspace);
        var scores = workspace.Take<float>(MaxBlock * ScoreStride);
        var statistics = new RowStatistics(workspace.Take<float>(MaxBlock), workspace.Take<float>(MaxBlock));
        matrix.Begin();
        for (var head = 0; head < shape.Heads; head++)
        {
            var column = head * width;
            matrix.Pack(k + column, stride, width, rows, transposed: true, keys.Data);
            matrix.Pack(v + column, stride, rows, width, transposed: false, values.Data);
            for (var first = 0; first < rows; first += matrix.AttentionRows)
            {
                var queries = new Part(first, Math.Min(matrix.AttentionRows, rows - first));
                var target = output + (long)first * outputStride + column;
                ForwardBlock(
                    shape, queries, q + (long)first * stride + column, stride, keys, values, scores, statistics, target, outputStride,
                    workspace);
                Finish(
                    queries.Count, width, statistics, target, outputStride,
                    logSumExp == null ? null : logSumExp + (long)head * rows + first);
            }
        }
        matrix.End();
    }

    private void ForwardBlock(
        in AttentionShape shape, Part queries, float* q, int stride, in PackedMatrix keys, in PackedMatrix values, float* scores,
        in RowStatistics statistics, float* output, int outputStride, Workspace workspace)
    {
        var (count, width) = (queries.Count, shape.HeadWidth);
        new Span<float>(statistics.Maxima, count).Fill(float.NegativeInfinity);
        new Span<float>(statistics.Sums, count).Clear();
        var start = shape.FirstVisible == null ? 0 : shape.FirstVisible[queries.Start] / Alignment * Alignment;
        for (var key = start; key < queries.Start + count; key += Chunk)
        {
            var chunk = new Part(key, Math.Min(Chunk, queries.Start + count - key));
            matrix.MultiplyPart(q, stride, count, keys, new(0, width), chunk, scores, ScoreStride, accumulate: false, workspace);
            if (key > start)
                SoftmaxLaterChunk(shape, queries, chunk, scores, statistics, output, outputStride);
            else
                SoftmaxRows(shape, queries, chunk, scores, statistics);
            matrix.MultiplyPart(
                scores, ScoreStride, count, values, chunk, new(0, width), output, outputStride, accumulate: key > start, workspace);
        }
    }

    /// <summary>
    /// Turns the scores of one chunk into exp(scale * score - maximum so far), 0 where a key is hidden, and updates maximum and sum of each
    /// row. Exponents are kept in base 2.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxRows(in AttentionShape shape, Part queries, Part chunk, float* scores, in RowStatistics statistics)
    {
        var scale = TLane.Create(shape.Scale * Log2E);
        var padded = RoundUp(chunk.Count);
        for (var i = 0; i < queries.Count; i++, scores += ScoreStride)
        {
            var row = queries.Start + i;
            var first = shape.FirstVisible == null ? 0 : Math.Max(0, shape.FirstVisible[row] - chunk.Start);
            var visible = HideOthers(scores, padded, first, Math.Min(row + 1 - chunk.Start, chunk.Count), Hidden);
            if (visible.Count == 0)
                continue;
            var s = scores + visible.Start;
            var end = s + visible.Count;
            var max = TLane.Load(s);
            for (var x = s + TLane.Count; x < end; x += TLane.Count)
                max = TLane.Max(max, TLane.Load(x));
            var next = MathF.Max(statistics.Maxima[i], shape.Scale * Log2E * TLane.MaxAcross(max));
            var offset = TLane.Create(-next);
            var total = TLane.Zero;
            for (; s < end; s += TLane.Count)
            {
                var p = VectorMath.Exp2<TLane, TVector>(TLane.MultiplyAdd(scale, TLane.Load(s), offset));
                TLane.Store(p, s);
                total = TLane.Add(total, p);
            }
            statistics.Maxima[i] = next;
            statistics.Sums[i] += TLane.Sum(total);
        }
    }

    /// <summary>As <see cref="SoftmaxRows"/>, and rescales what earlier chunks have left in sums and outputs to the new maximum.</summary>
    private static void SoftmaxLaterChunk(
        in AttentionShape shape, Part queries, Part chunk, float* scores, in RowStatistics statistics, float* output, int outputStride)
    {
        var old = stackalloc float[MaxBlock];
        var sums = stackalloc float[MaxBlock];
        for (var i = 0; i < queries.Count; i++)
            (old[i], sums[i], statistics.Sums[i]) = (statistics.Maxima[i], statistics.Sums[i], 0);
        SoftmaxRows(shape, queries, chunk, scores, statistics);
        for (var i = 0; i < queries.Count; i++)
        {
            // A row that has seen nothing yet has a maximum of -infinity, and nothing to rescale.
            var shrink = old[i] == statistics.Maxima[i] ? 1 : MathF.Exp((old[i] - statistics.Maxima[i]) * Ln2);
            statistics.Sums[i] += sums[i] * shrink;
            ScaleRow(output + (long)i * outputStride, shape.HeadWidth, shrink);
        }
    }

    /// <summary>
    /// Keeps [first, end) of a row of <paramref name="padded"/> values. Returns the whole registers around it; what they hold outside
    /// becomes <paramref name="hidden"/>, everything further out zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Part HideOthers(float* row, int padded, int first, int end, float hidden)
    {
        if (first >= end)
            (first, end) = (0, 0);
        var from = first & -TLane.Count;
        var to = RoundUp(end);
        for (var j = 0; j < from; j += TLane.Count)
            TLane.Store(TLane.Zero, row + j);
        for (var j = to; j < padded; j += TLane.Count)
            TLane.Store(TLane.Zero, row + j);
        if (end < to)
            TLane.Store(
                TLane.Join(TLane.Load(row + to - TLane.Count), end - (to - TLane.Count), TLane.Create(hidden)), row + to - TLane.Count);
        if (from < first)
            TLane.Store(TLane.Join(TLane.Create(hidden), first - from, TLane.Load(row + from)), row + from);
        return new(from, to - from);
    }

    /// <summary>Divides the outputs by the sums and writes log-sum-exp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(int count, int width, in RowStatistics statistics, float* output, int outputStride, float* logSumExp)
    {
        for (var i = 0; i < count; i++)
            ScaleRow(output + (long)i * outputStride, width, 1 / statistics.Sums[i]);
        if (logSumExp == null)
            return;
        for (var i = 0; i < count; i += TLane.Count)
        {
            var log = TLane.MultiplyAdd(TLane.Load(statistics.Maxima + i), TLane.Create(Ln2), TLane.Log(TLane.Load(statistics.Sums + i)));
            TLane.StorePart(log, logSumExp + i, Math.Min(TLane.Count, count - i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScaleRow(float* row, int width, float scale)
    {
        var factor = TLane.Create(scale);
        var j = 0;
        for (; j + TLane.Count <= width; j += TLane.Count)
            TLane.Store(TLane.Multiply(TLane.Load(row + j), factor), row + j);
        for (; j < width; j++)
            row[j] *= scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int RoundUp(int count) => (count + TLane.Count - 1) & -TLane.Count;

    /// <summary>Room for one head's right-hand operand.</summary>
    private PackedMatrix Take(int inner, int outer, Workspace workspace) =>
        new(workspace.Take<byte>(matrix.PackedBytes(inner, outer)), inner, outer);

    /// <summary>[MaxBlock] each: a row's largest scaled score in base 2, and the sum of exponentials below it.</summary>
    private readonly struct RowStatistics(float* maxima, float* sums)
    {
        public float* Maxima { get; } = maxima;

        public float* Sums { get; } = sums;
    }
}
