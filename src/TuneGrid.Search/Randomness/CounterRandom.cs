namespace TuneGrid.Search.Randomness;

/// <summary>
/// Random numbers as a pure function of (seed, stream, index): no state, so any machine can compute any draw in any order.
/// The mixing is SplitMix64's (Steele, Lea, Flood 2014), applied once per coordinate.
/// </summary>
public static class CounterRandom
{
    public static ulong Bits(ulong seed, ulong stream, ulong index) => Mix(Mix(Mix(seed) ^ stream) ^ index);

    /// <summary>Uniform in [0, 1).</summary>
    public static double Uniform(ulong seed, ulong stream, ulong index) => (Bits(seed, stream, index) >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
