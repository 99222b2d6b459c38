using TuneGrid.Training.Kernels;
using TuneGrid.Training.Memory;
using TuneGrid.Training.Optimization;
using TuneGrid.Training.Randomness;

namespace TuneGrid.Training.Tests.Optimization;

public sealed unsafe class NewtonSchulzTests
{
    private const double Smallest = 0.02;

    public static TheoryData<InstructionSet, int, int> Cases()
    {
        var cases = new TheoryData<InstructionSet, int, int>();
        foreach (var set in KernelLadder.Supported)
        {
            foreach (var (rows, columns) in ((int, int)[])[(96, 96), (72, 288), (200, 70), (65, 66), (1, 5)])
                cases.Add(set, rows, columns);
        }
        return cases;
    }

    /// <summary>
    /// Of a matrix U S Vᵀ whose singular values span a factor of 50, only the singular values change: Uᵀ O V is diagonal, and all of it
    /// is near 1.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Singular_values_end_near_one_and_singular_vectors_stay(InstructionSet set, int rows, int columns)
    {
        var rank = Math.Min(rows, columns);
        var (u, v) = (Orthonormal(rank, rows, 1), Orthonormal(rank, columns, 2));
        using var workspace = new Workspace();
        using var memory = new NativeBuffer((long)rows * columns);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
                memory.Data[(i * columns) + j] = (float)Enumerable.Range(0, rank)
                    .Sum(k => 30 * Math.Pow(Smallest, k / Math.Max(1.0, rank - 1)) * u[k][i] * v[k][j]);
        }
        NewtonSchulz.Orthogonalize(memory.Data, Squares(memory), rows, columns, memory.Data, KernelLadder.For(set), workspace);

        // bf16 keeps 8 bits, and every step rounds.
        var tolerance = set is InstructionSet.Reference ? 1e-3 : 0.05;
        for (var k = 0; k < rank; k++)
        {
            var image = new double[rows];
            for (var i = 0; i < rows; i++)
                image[i] = Enumerable.Range(0, columns).Sum(j => memory.Data[(i * columns) + j] * v[k][j]);
            Assert.InRange(Dot(u[k], image), 0.68 - tolerance, 1.21 + tolerance);
            for (var other = 0; other < rank; other++)
                Assert.True(other == k || Math.Abs(Dot(u[other], image)) < tolerance, $"{other}, {k}: {Dot(u[other], image)}");
        }
    }

    [Fact]
    public void Zero_stays_zero()
    {
        using var workspace = new Workspace();
        using var memory = new NativeBuffer(8 * 32);
        NewtonSchulz.Orthogonalize(memory.Data, Squares(memory), 8, 32, memory.Data, KernelLadder.Best, workspace);
        Assert.All(new ReadOnlySpan<float>(memory.Data, 8 * 32).ToArray(), x => Assert.Equal(0, x));
    }

    private static unsafe double Squares(NativeBuffer buffer) => KernelLadder.Best.Element.SumOfSquares(buffer.Data, buffer.Count);

    /// <summary>Gram-Schmidt, twice for the sake of rounding.</summary>
    private static double[][] Orthonormal(int count, int length, ulong seed)
    {
        var random = new Gaussian(seed);
        var basis = new double[count][];
        for (var k = 0; k < count; k++)
        {
            var vector = new double[length];
            for (var i = 0; i < length; i++)
                vector[i] = random.NextNormal();
            for (var other = 0; other < 2 * k; other++)
            {
                var along = Dot(vector, basis[other % k]);
                for (var i = 0; i < length; i++)
                    vector[i] -= along * basis[other % k][i];
            }
            var norm = Math.Sqrt(Dot(vector, vector));
            basis[k] = [.. vector.Select(x => x / norm)];
        }
        return basis;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b).Sum(p => p.First * p.Second);
}
