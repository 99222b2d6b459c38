using TuneGrid.Training.Model;

namespace TuneGrid.Training.Tests.Model;

public sealed unsafe class DropoutTests
{
    private const int Count = 100_000;

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Drops_the_share_it_is_told_and_scales_the_rest(double rate)
    {
        var mask = Draw(rate, Dropout.Site(Dropout.Key(1, 2, 3), 4, 1), Count);
        Assert.All(mask, x => Assert.True(x == 0 || x == (float)(1 / (1 - rate))));
        AssertShare(rate, mask, x => x == 0);
    }

    [Fact]
    public void Neighbours_sites_steps_and_groups_are_dropped_independently()
    {
        var key = Dropout.Key(1, 2, 3);
        var mask = Draw(0.5, Dropout.Site(key, 0, 0), Count);
        ulong[] others =
        [
            Dropout.Site(key, 0, 1), Dropout.Site(key, 1, 0),
            Dropout.Site(Dropout.Key(1, 3, 3), 0, 0), Dropout.Site(Dropout.Key(1, 2, 4), 0, 0),
        ];
        foreach (var other in others)
            AssertShare(0.5, mask.Zip(Draw(0.5, other, Count)), pair => pair.First == pair.Second);
        foreach (var distance in new[] { 1, 2, 8, 192 })
            AssertShare(0.5, mask.Zip(mask.Skip(distance)), pair => pair.First == pair.Second);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(37)]
    public void The_mask_of_an_element_does_not_depend_on_how_many_there_are(int count)
        => Assert.Equal(Draw(0.3, 99, Count)[..count], Draw(0.3, 99, count));

    private static float[] Draw(double rate, ulong key, int count)
    {
        var x = new float[count + 1];
        Array.Fill(x, 1);
        fixed (float* data = x)
            Dropout.Apply(data, count, rate, key);
        Assert.Equal(1, x[count]);
        return x[..count];
    }

    /// <summary>Within five standard deviations: the draws are seeded, so this holds always or never.</summary>
    private static void AssertShare<T>(double expected, IEnumerable<T> values, Func<T, bool> counts)
    {
        var all = values.ToList();
        Assert.Equal(expected, (double)all.Count(counts) / all.Count, 5 * Math.Sqrt(expected * (1 - expected) / all.Count));
    }
}
