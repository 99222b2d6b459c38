using TuneGrid.Training.Randomness;

namespace TuneGrid.Training.Corpora;

/// <summary>
/// A pseudo-random order of 0 .. count-1 that can be asked at any place: a Feistel network over the next even power of two, walked until it
/// lands inside (cycle walking: Black and Rogaway, 2002).
/// </summary>
internal static class Permutation
{
    private const int Rounds = 4;

    /// <summary>The element at <paramref name="place"/>, both below <paramref name="count"/>.</summary>
    public static long At(long place, long count, ulong key)
    {
        var half = (65 - System.Numerics.BitOperations.LeadingZeroCount((ulong)Math.Max(1, count - 1))) / 2;
        var mask = (1UL << half) - 1;
        var x = (ulong)place;
        do
        {
            ulong left = x >> half, right = x & mask;
            for (var round = 0; round < Rounds; round++)
                (left, right) = (right, left ^ (SplitMix64.Mix(key + (ulong)round, right) & mask));
            x = (left << half) | right;
        }
        while (x >= (ulong)count);
        return (long)x;
    }
}
