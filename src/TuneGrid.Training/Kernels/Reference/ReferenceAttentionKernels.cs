using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels.Reference;

/// <summary>Attention row by row, the softmax written out, sums in double.</summary>
internal sealed unsafe class ReferenceAttentionKernels : IAttentionKernels
{
    public void Forward(
        in AttentionShape shape, float* q, float* k, float* v, int stride, float* output, int outputStride, float* logSumExp,
        Workspace workspace)
    {
        using var mark = workspace.Mark();
        var scores = workspace.Take<double>(shape.Rows);
        for (var h = 0; h < shape.Heads; h++)
            for (var i = 0; i < shape.Rows; i++)
            {
                var column = h * shape.HeadWidth;
                var first = First(shape, i);
                var sum = LogSumExp(shape, q + (long)i * stride + column, k + column, stride, first, i, scores);
                if (logSumExp != null)
                    logSumExp[(long)h * shape.Rows + i] = (float)sum;
                for (var d = 0; d < shape.HeadWidth; d++)
                {
                    var mixed = 0.0;
                    for (var j = first; j <= i; j++)
                        mixed += Math.Exp(scores[j] - sum) * v[(long)j * stride + column + d];
                    output[(long)i * outputStride + column + d] = (float)mixed;
                }
            }
    }

    public void Backward(
        in AttentionShape shape, float* q, float* k, float* v, int stride, float* output, float* outputGradient, int outputStride,
        float* logSumExp, float* dq, float* dk, float* dv, int gradientStride, Workspace workspace)
    {
        using var mark = workspace.Mark();
        var size = (long)shape.Rows * shape.HeadWidth;
        var scores = workspace.Take<double>(shape.Rows);
        var sums = workspace.Take<double>(3 * size);
        for (var h = 0; h < shape.Heads; h++)
        {
            var column = h * shape.HeadWidth;
            new Span<double>(sums, checked((int)(3 * size))).Clear();
            for (var i = 0; i < shape.Rows; i++)
                BackwardRow(
                    shape, i, q + column, k + column, v + column, stride, output + (long)i * outputStride + column,
                    outputGradient + (long)i * outputStride + column, logSumExp[(long)h * shape.Rows + i], scores, sums, sums + size,
                    sums + 2 * size);
            Put(shape, sums, dq + column, gradientStride);
            Put(shape, sums + size, dk + column, gradientStride);
            Put(shape, sums + 2 * size, dv + column, gradientStride);
        }
    }

    /// <summary>
    /// With p = softmax(s), s = scale q·k: dv += p do, ds = p (do·v - do·o), dq = scale ds k, dk = scale ds q. Sums are [Rows,
    /// HeadWidth].
    /// </summary>
    private static void BackwardRow(
        in AttentionShape shape, int i, float* q, float* k, float* v, int stride, float* outputRow, float* gradientRow, float logSumExp,
        double* scores, double* dq, double* dk, double* dv)
    {
        var width = shape.HeadWidth;
        var first = First(shape, i);
        var queryRow = q + (long)i * stride;
        LogSumExp(shape, queryRow, k, stride, first, i, scores);
        var delta = Dot(gradientRow, outputRow, width);
        for (var j = first; j <= i; j++)
        {
            var p = Math.Exp(scores[j] - logSumExp);
            var ds = p * (Dot(gradientRow, v + (long)j * stride, width) - delta) * shape.Scale;
            for (var d = 0; d < width; d++)
            {
                dv[(long)j * width + d] += p * gradientRow[d];
                dq[(long)i * width + d] += ds * k[(long)j * stride + d];
                dk[(long)j * width + d] += ds * queryRow[d];
            }
        }
    }

    private static double LogSumExp(in AttentionShape shape, float* queryRow, float* k, int stride, int first, int last, double* scores)
    {
        var max = double.NegativeInfinity;
        for (var j = first; j <= last; j++)
        {
            scores[j] = shape.Scale * Dot(queryRow, k + (long)j * stride, shape.HeadWidth);
            max = Math.Max(max, scores[j]);
        }
        var sum = 0.0;
        for (var j = first; j <= last; j++)
            sum += Math.Exp(scores[j] - max);
        return max + Math.Log(sum);
    }

    private static double Dot(float* x, float* y, int width)
    {
        var sum = 0.0;
        for (var d = 0; d < width; d++)
            sum += (double)x[d] * y[d];
        return sum;
    }

    private static int First(in AttentionShape shape, int row) => shape.FirstVisible == null ? 0 : shape.FirstVisible[row];

    private static void Put(in AttentionShape shape, double* sums, float* target, int stride)
    {
        for (var i = 0; i < shape.Rows; i++)
            for (var d = 0; d < shape.HeadWidth; d++)
                target[(long)i * stride + d] = (float)sums[(long)i * shape.HeadWidth + d];
    }
}
