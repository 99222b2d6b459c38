using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Optimization;

/// <summary>
/// The nearest semi-orthogonal matrix by a quintic Newton-Schulz iteration, as in Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/):
/// X ← aX + (bXXᵀ + c(XXᵀ)²)X pushes every singular value of X toward 1. Single-threaded; the products run at the kernels' own precision.
/// </summary>
public static unsafe class NewtonSchulz
{
    public const int DefaultSteps = 5;
    private const float A = 3.4445f, B = -4.7750f, C = 2.0315f;

    /// <param name="matrix">[rows, columns], contiguous; only read.</param>
    /// <param name="output">[rows, columns], contiguous; may be <paramref name="matrix"/> itself.</param>
    public static void Orthogonalize(float* matrix, int rows, int columns, float* output, int steps, KernelSet kernels, Workspace workspace)
    {
        using var mark = workspace.Mark();
        // The iteration squares the short side, so a tall matrix is worked on transposed.
        var tall = rows > columns;
        var (r, c) = tall ? (columns, rows) : (rows, columns);
        var x = workspace.Take<float>((long)r * c);
        if (tall)
            Transpose(matrix, rows, columns, x);
        else
            kernels.Element.Scale(1, matrix, x, (long)r * c);
        var norm = Math.Sqrt(kernels.Element.SumOfSquares(x, (long)r * c));
        kernels.Element.Scale((float)(1 / (norm + 1e-7)), x, x, (long)r * c);

        var gram = workspace.Take<float>((long)r * r);
        var polynomial = workspace.Take<float>((long)r * r);
        var next = workspace.Take<float>((long)r * c);
        var packed = workspace.Take<byte>(Math.Max(kernels.Matrix.PackedBytes(c, r), Math.Max(kernels.Matrix.PackedBytes(r, r), kernels.Matrix.PackedBytes(r, c))));
        for (var step = 0; step < steps; step++)
        {
            // gram = X Xᵀ
            kernels.Matrix.Pack(x, c, c, r, transposed: true, packed);
            kernels.Matrix.Multiply(x, c, r, new PackedMatrix(packed, c, r), gram, r, accumulate: false, workspace);
            // polynomial = b gram + c gram²
            kernels.Matrix.Pack(gram, r, r, r, transposed: false, packed);
            kernels.Matrix.Multiply(gram, r, r, new PackedMatrix(packed, r, r), polynomial, r, accumulate: false, workspace);
            kernels.Element.Scale(C, polynomial, polynomial, (long)r * r);
            kernels.Element.AddScaled(B, gram, polynomial, (long)r * r);
            // X = a X + polynomial X
            kernels.Matrix.Pack(x, c, r, c, transposed: false, packed);
            kernels.Element.Scale(A, x, next, (long)r * c);
            kernels.Matrix.Multiply(polynomial, r, r, new PackedMatrix(packed, r, c), next, c, accumulate: true, workspace);
            // Pointers can't be swapped as a tuple.
            var previous = x;
            x = next;
            next = previous;
        }
        if (tall)
            Transpose(x, r, c, output);
        else
            kernels.Element.Scale(1, x, output, (long)r * c);
    }

    /// <summary>target [columns, rows] = source [rows, columns]ᵀ, in blocks that stay in the first cache level.</summary>
    private static void Transpose(float* source, int rows, int columns, float* target)
    {
        const int Block = 16;
        for (var i0 = 0; i0 < rows; i0 += Block)
        {
            for (var j0 = 0; j0 < columns; j0 += Block)
            {
                for (var i = i0; i < Math.Min(i0 + Block, rows); i++)
                {
                    for (var j = j0; j < Math.Min(j0 + Block, columns); j++)
                        target[((long)j * rows) + i] = source[((long)i * columns) + j];
                }
            }
        }
    }
}
