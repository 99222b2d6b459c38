using TuneGrid.Training.Kernels;
using TuneGrid.Training.Kernels.Blocked;
using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Optimization;

/// <summary>
/// A·Bᵀ where it is known to be symmetric: blocked kernels multiply the upper triangle, and the lower one is its mirror image.
/// </summary>
internal static unsafe class SymmetricProduct
{
    /// <param name="a">[rows, inner], contiguous.</param>
    /// <param name="b">[rows, inner], contiguous.</param>
    /// <param name="output">[rows, rows], contiguous; neither a nor b.</param>
    /// <param name="packed">Scratch memory for b, packed.</param>
    public static void Multiply(
        float* a, float* b, int rows, int inner, float* output, void* packed, IMatrixKernels kernels, Workspace workspace)
    {
        kernels.Pack(b, inner, inner, rows, transposed: true, packed);
        var right = new PackedMatrix(packed, inner, rows);
        if (kernels is not BlockedMatrixKernels blocked)
        {
            kernels.Multiply(a, inner, rows, right, output, rows, accumulate: false, workspace);
            return;
        }
        blocked.MultiplyUpper(a, inner, right, output, rows, workspace);
        for (var column = BlockedMatrixKernels.TriangleBlock; column < rows; column += BlockedMatrixKernels.TriangleBlock)
        {
            var columns = Math.Min(BlockedMatrixKernels.TriangleBlock, rows - column);
            Transposition.Run(output + column, rows, column, columns, output + (long)column * rows, rows);
        }
    }
}
