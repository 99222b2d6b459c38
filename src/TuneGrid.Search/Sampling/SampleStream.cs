using TuneGrid.Search.Numerics;
using TuneGrid.Search.Randomness;

namespace TuneGrid.Search.Sampling;

/// <summary>The random numbers of one proposal, one after the other: a function of the space's seed and the proposal's number.</summary>
internal sealed class SampleStream(ulong seed, int proposal)
{
    /// <summary>Apart from the streams of <see cref="SpaceDraws"/>, which start from the same seed.</summary>
    private const ulong Purpose = 0x7E57A3C5;

    private ulong _next;

    /// <summary>Returns a number that is uniform in [0, 1).</summary>
    public double Uniform() => CounterRandom.Uniform(seed ^ Purpose, (ulong)proposal, _next++);

    /// <summary>Returns a whole number from 0 to below <paramref name="count"/>.</summary>
    public int Below(int count) => (int)(Uniform() * count);

    /// <summary>Returns a number in [0, 1] from a normal distribution that is cut off there.</summary>
    public double Normal(double mean, double deviation)
    {
        var least = Elementary.NormalCdf(-mean / deviation);
        var most = Elementary.NormalCdf((1 - mean) / deviation);
        var quantile = Elementary.NormalQuantile(least + (Uniform() * (most - least)));
        return double.IsFinite(quantile) ? Math.Clamp(mean + (deviation * quantile), 0, 1) : mean;
    }
}
