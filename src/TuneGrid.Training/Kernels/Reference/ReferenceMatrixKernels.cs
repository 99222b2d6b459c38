using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels.Reference;

/// <summary>Plain loops with sums in double: the oracle of every other level, and the fallback of a machine that has none.</summary>
internal sealed unsafe class ReferenceMatrixKernels : IMatrixKernels
{
    public long PackedBytes(int inner, int outer) => (long)inner * outer * sizeof(float);

    /// <summary>Packed as [outer, inner], so that a dot product reads both operands in order.</summary>
    public void Pack(float* source, int stride, int inner, int outer, bool transposed, void* packed)
    {
        var target = (float*)packed;
        for (var j = 0; j < outer; j++)
            for (var k = 0; k < inner; k++)
                target[(long)j * inner + k] = transposed ? source[(long)j * stride + k] : source[(long)k * stride + j];
    }

    public void Multiply(float* a, int aStride, int rows, in PackedMatrix b, float* c, int cStride, bool accumulate, Workspace workspace)
    {
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < b.Outer; j++)
            {
                var x = a + (long)i * aStride;
                var y = (float*)b.Data + (long)j * b.Inner;
                var sum = 0.0;
                for (var k = 0; k < b.Inner; k++)
                    sum += (double)x[k] * y[k];
                Put(c + (long)i * cStride + j, sum, accumulate);
            }
    }

    public void MultiplyTransposed(
        float* a, int aStride, int m, float* b, int bStride, int n, int rows, float* c, int cStride, bool accumulate, Workspace workspace)
    {
        for (var i = 0; i < m; i++)
            for (var j = 0; j < n; j++)
            {
                var sum = 0.0;
                for (var r = 0; r < rows; r++)
                    sum += (double)a[(long)r * aStride + i] * b[(long)r * bStride + j];
                Put(c + (long)i * cStride + j, sum, accumulate);
            }
    }

    private static void Put(float* target, double sum, bool accumulate) => *target = (float)(accumulate ? *target + sum : sum);
}
