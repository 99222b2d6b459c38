namespace TuneGrid.Search.Randomness;

/// <summary>
/// The generator of Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", whose outputs can be computed in any
/// order. Not for secrets.
/// </summary>
public static class SplitMix64
{
    /// <summary>Returns output <paramref name="index"/> (from 0) of the generator that starts at <paramref name="seed"/>.</summary>
    public static ulong At(ulong seed, ulong index)
    {
        var z = seed + ((index + 1) * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
