using TuneGrid.Training.Kernels.Reference;
using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>
/// Runs products of assembled kernels once before they are offered: a machine they were never tried on must fall down the ladder, not train
/// garbage. The operands are small whole numbers, exact in bf16 and in their sums, so that the result must equal the reference to the bit.
/// </summary>
internal static unsafe class SelfCheck
{
    private const int Rows = 53, Inner = 75, Outer = 141;

    /// <exception cref="CodeRefusedException">The kernels compute something else than the reference.</exception>
    public static void Run(IMatrixKernels kernels)
    {
        using var workspace = new Workspace();
        var a = Numbers(workspace, Rows * Inner, 7);
        var b = Numbers(workspace, Inner * Outer, 11);
        var reference = new ReferenceMatrixKernels();
        foreach (var transposed in new[] { false, true })
        {
            var expected = Numbers(workspace, Rows * Outer, 5);
            var actual = Numbers(workspace, Rows * Outer, 5);
            Multiply(reference, a, b, transposed, expected, workspace);
            Multiply(kernels, a, b, transposed, actual, workspace);
            Compare(expected, actual, Rows * Outer);
        }
        var expectedGradient = Numbers(workspace, Inner * Outer, 5);
        var actualGradient = Numbers(workspace, Inner * Outer, 5);
        reference.MultiplyTransposed(a, Inner, Inner, b, Outer, Outer, Rows, expectedGradient, Outer, accumulate: true, workspace);
        kernels.MultiplyTransposed(a, Inner, Inner, b, Outer, Outer, Rows, actualGradient, Outer, accumulate: true, workspace);
        Compare(expectedGradient, actualGradient, Inner * Outer);
    }

    private static void Multiply(IMatrixKernels kernels, float* a, float* b, bool transposed, float* c, Workspace workspace)
    {
        using var mark = workspace.Mark();
        var packed = workspace.Take<byte>(kernels.PackedBytes(Inner, Outer));
        kernels.Pack(b, transposed ? Inner : Outer, Inner, Outer, transposed, packed);
        kernels.Multiply(a, Inner, Rows, new(packed, Inner, Outer), c, Outer, accumulate: true, workspace);
    }

    private static void Compare(float* expected, float* actual, int count)
    {
        if (!new Span<float>(expected, count).SequenceEqual(new Span<float>(actual, count)))
            throw new CodeRefusedException("its products differ from the reference on this machine");
    }

    private static float* Numbers(Workspace workspace, int count, int stride)
    {
        var numbers = workspace.Take<float>(count);
        for (var i = 0; i < count; i++)
            numbers[i] = i * stride % 17 - 8;
        return numbers;
    }
}
