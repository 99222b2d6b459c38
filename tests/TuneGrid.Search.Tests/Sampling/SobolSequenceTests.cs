using TuneGrid.Search.Sampling;

namespace TuneGrid.Search.Tests.Sampling;

public class SobolSequenceTests
{
    [Fact]
    public void The_first_points_are_the_published_ones()
    {
        // Joe and Kuo's generator in three dimensions.
        double[][] expected = [[0, 0, 0], [0.5, 0.5, 0.5], [0.25, 0.75, 0.75], [0.75, 0.25, 0.25]];
        var points = Enumerable.Range(0, 4).Select(i => Enumerable.Range(0, 3).Select(d => SobolSequence.Raw((uint)i, d) / 4294967296.0).ToArray());
        // Ours counts in binary, theirs in Gray code: the same points in another order within each power of two.
        Assert.Equal(expected.OrderBy(p => p[0]).Select(p => string.Join(' ', p)), points.OrderBy(p => p[0]).Select(p => string.Join(' ', p)));
    }

    [Fact]
    public void Every_dimension_puts_one_of_the_first_256_points_into_each_256th()
    {
        for (var dimension = 0; dimension < SobolSequence.MaxDimensions; dimension++)
        {
            Assert.Equal(256, Enumerable.Range(0, 256).Select(i => SobolSequence.Raw((uint)i, dimension) >> 24).Distinct().Count());
            Assert.Equal(256, Enumerable.Range(0, 256).Select(i => (int)(SobolSequence.Scrambled(9, (uint)i, dimension) * 256)).Distinct().Count());
        }
    }

    [Fact]
    public void Two_dimensions_fill_every_elementary_square()
    {
        var cells = Enumerable.Range(0, 256).Select(i => ((int)(SobolSequence.Scrambled(4, (uint)i, 0) * 16), (int)(SobolSequence.Scrambled(4, (uint)i, 1) * 16)));
        Assert.Equal(256, cells.Distinct().Count());
    }
}
