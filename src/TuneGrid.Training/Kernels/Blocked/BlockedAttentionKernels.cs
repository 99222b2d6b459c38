using System.Runtime.CompilerServices;
using TuneGrid.Training.Kernels.Simd;

namespace TuneGrid.Training.Kernels.Blocked;

/// <summary>
/// FlashAttention-2 (arXiv:2307.08691) over the tiles of one step of the ladder: blocks of queries against chunks of keys, the softmax running along.
/// Chunks are long, so that contexts up to <see cref="KeyChunk"/> need no rescaling at all.
/// </summary>
internal sealed unsafe partial class BlockedAttentionKernels<TLane, TVector>(BlockedMatrixKernels matrix) : IAttentionKernels
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    private const int QueryBlock = 64;
    private const int KeyChunk = 512;

    /// <summary>Keys before the first visible one are skipped in whole panels of this many.</summary>
    private const int KeyAlignment = 64;

    public void Forward(
        in AttentionShape shape, float* q, float* k, float* v, int stride, float* output, int outputStride, float* logSumExp, Workspace workspace)
    {
        using var mark = workspace.Mark();
        var (rows, width) = (shape.Rows, shape.HeadWidth);
        var keys = Take(rows, width, transposed: true, workspace);
        var values = Take(rows, width, transposed: false, workspace);
        var scores = workspace.Take<float>(QueryBlock * KeyChunk);
        var maxima = workspace.Take<float>(QueryBlock);
        var sums = workspace.Take<float>(QueryBlock);
        matrix.Begin();
        for (var head = 0; head < shape.Heads; head++)
        {
            var column = head * width;
            matrix.Pack(k + column, stride, width, rows, transposed: true, keys.Data);
            matrix.Pack(v + column, stride, rows, width, transposed: false, values.Data);
            for (var first = 0; first < rows; first += QueryBlock)
            {
                var count = Math.Min(QueryBlock, rows - first);
                var target = output + (long)first * outputStride + column;
                new Span<float>(maxima, count).Fill(float.NegativeInfinity);
                new Span<float>(sums, count).Clear();
                var start = FirstKey(shape, first);
                for (var key = start; key < first + count; key += KeyChunk)
                {
                    var chunk = new Part(key, Math.Min(KeyChunk, first + count - key));
                    matrix.MultiplyPart(q + (long)first * stride + column, stride, count, keys, new(0, width), chunk, scores, KeyChunk, accumulate: false, workspace);
                    for (var i = 0; i < count; i++)
                        SoftmaxRow(shape, first + i, chunk, scores + i * KeyChunk, maxima + i, sums + i, target + (long)i * outputStride, rescale: key > start);
                    matrix.MultiplyPart(scores, KeyChunk, count, values, chunk, new(0, width), target, outputStride, accumulate: key > start, workspace);
                }
                for (var i = 0; i < count; i++)
                {
                    ScaleRow(target + (long)i * outputStride, width, 1 / sums[i]);
                    if (logSumExp != null)
                        logSumExp[(long)head * rows + first + i] = maxima[i] + MathF.Log(sums[i]);
                }
            }
        }
        matrix.End();
    }

    /// <summary>
    /// Turns a row's scores of one chunk into exp(scale * score - maximum so far), 0 where the key is hidden; updates the row's maximum and sum, and
    /// rescales what earlier chunks left in its output.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxRow(in AttentionShape shape, int row, Part chunk, float* scores, float* maximum, float* sum, float* output, bool rescale)
    {
        var (from, to) = Visible(shape, row, chunk, scores);
        if (from >= to)
            return;
        var max = TLane.Load(scores + from);
        for (var j = from + TLane.Count; j < to; j += TLane.Count)
            max = TLane.Max(max, TLane.Load(scores + j));
        var old = *maximum;
        var next = MathF.Max(old, shape.Scale * TLane.MaxAcross(max));
        var scale = TLane.Create(shape.Scale);
        var offset = TLane.Create(-next);
        var total = TLane.Zero;
        for (var j = from; j < to; j += TLane.Count)
        {
            var p = VectorMath.Exp<TLane, TVector>(TLane.MultiplyAdd(scale, TLane.Load(scores + j), offset));
            TLane.Store(p, scores + j);
            total = TLane.Add(total, p);
        }
        *maximum = next;
        if (rescale)
        {
            var shrink = MathF.Exp(old - next);
            *sum *= shrink;
            ScaleRow(output, shape.HeadWidth, shrink);
        }
        *sum += TLane.Sum(total);
    }

    /// <summary>
    /// The whole registers of the chunk that hold keys the row may see, with the hidden scores inside set to -infinity and everything outside to zero:
    /// an empty range if the row sees none of this chunk.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (int From, int To) Visible(in AttentionShape shape, int row, Part chunk, float* scores)
    {
        var first = shape.FirstVisible == null ? 0 : Math.Max(0, shape.FirstVisible[row] - chunk.Start);
        var end = Math.Min(row + 1 - chunk.Start, chunk.Count);
        var padded = RoundUp(chunk.Count);
        if (first >= end)
            (first, end) = (0, 0);
        var from = first / TLane.Count * TLane.Count;
        var to = RoundUp(end);
        for (var j = 0; j < from; j += TLane.Count)
            TLane.Store(TLane.Zero, scores + j);
        for (var j = from; j < first; j++)
            scores[j] = float.NegativeInfinity;
        for (var j = end; j < to; j++)
            scores[j] = float.NegativeInfinity;
        for (var j = to; j < padded; j += TLane.Count)
            TLane.Store(TLane.Zero, scores + j);
        return (from, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleRow(float* row, int width, float scale)
    {
        var factor = TLane.Create(scale);
        var j = 0;
        for (; j + TLane.Count <= width; j += TLane.Count)
            TLane.Store(TLane.Multiply(TLane.Load(row + j), factor), row + j);
        for (; j < width; j++)
            row[j] *= scale;
    }

    private static int FirstKey(in AttentionShape shape, int query) =>
        shape.FirstVisible == null ? 0 : shape.FirstVisible[query] / KeyAlignment * KeyAlignment;

    private static int RoundUp(int count) => (count + TLane.Count - 1) / TLane.Count * TLane.Count;

    /// <summary>Room for one head of keys or values, packed [rows, width] or, transposed, [width, rows].</summary>
    private PackedMatrix Take(int rows, int width, bool transposed, Workspace workspace)
    {
        var (inner, outer) = transposed ? (width, rows) : (rows, width);
        return new(workspace.Take<byte>(matrix.PackedBytes(inner, outer)), inner, outer);
    }
}
