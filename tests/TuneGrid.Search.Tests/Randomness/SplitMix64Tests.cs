using TuneGrid.Search.Randomness;

namespace TuneGrid.Search.Tests.Randomness;

public class SplitMix64Tests
{
    [Fact]
    public void The_outputs_are_the_published_ones()
    {
        // The first five for seed 1234567, as the reference program in C prints them.
        ulong[] published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.Equal(published, Enumerable.Range(0, 5).Select(i => SplitMix64.At(1234567, (ulong)i)));
    }

    [Fact]
    public void A_seed_near_the_end_wraps_around() => Assert.Equal(0xE4D971771B652C20ul, SplitMix64.At(ulong.MaxValue, 0));
}
