namespace TuneGrid.Training.Randomness;

/// <summary>
/// SplitMix64 (Steele et al., OOPSLA 2014): our own, so that no library's change can change a story, a batch or a weight.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private const ulong Increment = 0x9E3779B97F4A7C15;
    private ulong _state = seed;

    /// <summary>A well-mixed 64-bit hash of two numbers, for seeds that must not correlate.</summary>
    public static ulong Mix(ulong a, ulong b) => Scramble(a + (Increment * (b + 1)));

    /// <summary>64 random bits.</summary>
    public ulong Next() => Scramble(_state += Increment);

    /// <summary>0 to <paramref name="count"/> - 1, as good as evenly.</summary>
    public int Next(int count) => (int)(Next() % (ulong)count);

    public T Pick<T>(T[] items) => items[Next(items.Length)];

    private static ulong Scramble(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
