using TuneGrid.Search.Sampling;

namespace TuneGrid.Search.Tests.Sampling;

public class SobolSequenceTests
{
    [Fact]
    public void The_first_points_are_the_published_ones()
    {
        // Joe and Kuo's generator in three dimensions.
        double[][] expected = [[0, 0, 0], [0.5, 0.5, 0.5], [0.25, 0.75, 0.75], [0.75, 0.25, 0.25]];
        var points = Enumerable.Range(0, 4).Select(Point);
        // Ours counts in binary, theirs in Gray code: the same points in another order within each power of two.
        Assert.Equal(Sorted(expected), Sorted(points));

        static double[] Point(int index) => [.. Enumerable.Range(0, 3).Select(d => SobolSequence.Raw((uint)index, d) / 4294967296.0)];
        static IEnumerable<string> Sorted(IEnumerable<double[]> points) => points.OrderBy(p => p[0]).Select(p => string.Join(' ', p));
    }

    [Fact]
    public void Every_dimension_puts_one_of_the_first_256_points_into_each_256th()
    {
        for (var dimension = 0; dimension < SobolSequence.MaxDimensions; dimension++)
        {
            Assert.Equal(256, Enumerable.Range(0, 256).Select(i => SobolSequence.Raw((uint)i, dimension) >> 24).Distinct().Count());
            Assert.Equal(256, Cells(9, dimension, 256).Distinct().Count());
        }
    }

    [Fact]
    public void Two_dimensions_fill_every_elementary_square()
    {
        var cells = Cells(4, 0, 16).Zip(Cells(4, 1, 16));
        Assert.Equal(256, cells.Distinct().Count());
    }

    /// <summary>Into which of so many equal parts each of the first 256 points falls.</summary>
    private static IEnumerable<int> Cells(ulong seed, int dimension, int parts) =>
        Enumerable.Range(0, 256).Select(i => (int)(SobolSequence.Scrambled(seed, (uint)i, dimension) * parts));
}
