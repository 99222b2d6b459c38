namespace TuneGrid.Search.Randomness;

/// <summary>
/// Random numbers as a pure function of (seed, stream, index): no state, so any machine can compute any draw in any order.
/// SplitMix64's mixing is applied once per coordinate.
/// </summary>
internal static class CounterRandom
{
    /// <summary>Returns 64 random bits.</summary>
    public static ulong Bits(ulong seed, ulong stream, ulong index) => Mix(Mix(Mix(seed) ^ stream) ^ index);

    /// <summary>Returns a number that is uniform in [0, 1), a multiple of 2^-53.</summary>
    public static double Uniform(ulong seed, ulong stream, ulong index) => (Bits(seed, stream, index) >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z) => SplitMix64.At(z, 0);
}
