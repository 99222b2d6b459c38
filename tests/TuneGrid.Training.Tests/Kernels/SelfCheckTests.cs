using TuneGrid.Training.Kernels;
using TuneGrid.Training.Kernels.Assembled;
using TuneGrid.Training.Kernels.Reference;
using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Tests.Kernels;

public sealed unsafe class SelfCheckTests
{
    [Fact]
    public void TheReferencePassesItsOwnCheck() => SelfCheck.Run(new ReferenceMatrixKernels());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void KernelsThatAreWrongInOneElementAreRefused(bool transposed)
    {
        var error = Assert.Throws<CodeRefusedException>(() => SelfCheck.Run(new WrongKernels(transposed)));
        Assert.Contains("differ from the reference", error.Message, StringComparison.Ordinal);
    }

    private sealed class WrongKernels(bool transposed) : IMatrixKernels
    {
        private readonly ReferenceMatrixKernels _right = new();

        public long PackedBytes(int inner, int outer) => _right.PackedBytes(inner, outer);

        public void Pack(float* source, int stride, int inner, int outer, bool isTransposed, void* packed) =>
            _right.Pack(source, stride, inner, outer, isTransposed, packed);

        public void Multiply(
            float* a, int aStride, int rows, in PackedMatrix b, float* c, int cStride, bool accumulate, Workspace workspace)
        {
            _right.Multiply(a, aStride, rows, b, c, cStride, accumulate, workspace);
            c[(rows - 1) * cStride + b.Outer - 1] += transposed ? 0 : 1;
        }

        public void MultiplyTransposed(
            float* a, int aStride, int m, float* b, int bStride, int n, int rows, float* c, int cStride, bool accumulate,
            Workspace workspace)
        {
            _right.MultiplyTransposed(a, aStride, m, b, bStride, n, rows, c, cStride, accumulate, workspace);
            c[(m - 1) * cStride + n - 1] += transposed ? 1 : 0;
        }
    }
}
