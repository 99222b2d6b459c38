using TuneGrid.Training.Kernels;
using TuneGrid.Training.Kernels.Blocked;

namespace TuneGrid.Training.Optimization;

/// <summary>A·Bᵀ where it is known to be symmetric: the upper triangle is multiplied, block by block, and the lower one is its mirror image.</summary>
internal static unsafe class SymmetricProduct
{
    /// <summary>Columns of a block: the widest panel of any kernel, so that no panel is cut.</summary>
    private const int Block = 64;

    public static long PackedBytes(int rows, int inner, IMatrixKernels kernels)
        => kernels.PackedBytes(inner, Math.Min(Block, rows));

    /// <param name="a">[rows, inner], contiguous.</param>
    /// <param name="b">[rows, inner], contiguous.</param>
    /// <param name="output">[rows, rows], contiguous; neither a nor b.</param>
    /// <param name="packed">Scratch memory of <see cref="PackedBytes"/>.</param>
    public static void Multiply(float* a, float* b, int rows, int inner, float* output, void* packed, IMatrixKernels kernels, Workspace workspace)
    {
        for (var column = 0; column < rows; column += Block)
        {
            var columns = Math.Min(Block, rows - column);
            kernels.Pack(b + ((long)column * inner), inner, inner, columns, transposed: true, packed);
            kernels.Multiply(a, inner, column + columns, new PackedMatrix(packed, inner, columns), output + column, rows, accumulate: false, workspace);
            Transposition.Run(output + column, rows, column, columns, output + ((long)column * rows), rows);
        }
    }
}
