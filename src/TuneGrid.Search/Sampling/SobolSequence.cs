using TuneGrid.Search.Randomness;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// The Sobol sequence with Owen scrambling: points that cover the unit cube more evenly than random ones. Direction numbers from Joe and
/// Kuo 2008 (new-joe-kuo-6.21201); scrambling by hash after Burley 2020, "Practical Hash-based Owen Scrambling".
/// </summary>
internal static class SobolSequence
{
    public const int MaxDimensions = 32;
    private const int Bits = 32;

    // Per dimension from the second on: the primitive polynomial's degree s and coefficients a, then the initial m.
    private static readonly uint[][] InitialNumbers =
    [
        [1, 0, 1], [2, 1, 1, 3], [3, 1, 1, 3, 1], [3, 2, 1, 1, 1], [4, 1, 1, 1, 3, 3], [4, 4, 1, 3, 5, 13], [5, 2, 1, 1, 5, 5, 17],
        [5, 4, 1, 1, 5, 5, 5],
        [5, 7, 1, 1, 7, 11, 19], [5, 11, 1, 1, 5, 1, 1], [5, 13, 1, 1, 1, 3, 11], [5, 14, 1, 3, 5, 5, 31], [6, 1, 1, 3, 3, 9, 7, 49],
        [6, 13, 1, 1, 1, 15, 21, 21], [6, 16, 1, 3, 1, 13, 27, 49], [6, 19, 1, 1, 1, 15, 7, 5], [6, 22, 1, 3, 1, 15, 13, 25],
        [6, 25, 1, 1, 5, 5, 19, 61],
        [7, 1, 1, 3, 7, 11, 23, 15, 103], [7, 4, 1, 3, 7, 13, 13, 15, 69], [7, 7, 1, 1, 3, 13, 7, 35, 63], [7, 8, 1, 3, 5, 9, 1, 25, 53],
        [7, 14, 1, 3, 1, 13, 9, 35, 107], [7, 19, 1, 3, 1, 5, 27, 61, 31], [7, 21, 1, 1, 5, 11, 19, 41, 61], [7, 28, 1, 3, 5, 3, 3, 13, 69],
        [7, 31, 1, 1, 7, 13, 1, 19, 1], [7, 32, 1, 3, 7, 5, 13, 19, 59], [7, 37, 1, 1, 3, 9, 25, 29, 41], [7, 41, 1, 3, 5, 13, 23, 1, 55],
        [7, 42, 1, 3, 7, 3, 13, 59, 17],
    ];

    private static readonly uint[][] DirectionNumbers = [.. Enumerable.Range(0, MaxDimensions).Select(DirectionsOf)];

    /// <summary>
    /// Returns coordinate <paramref name="dimension"/> of point <paramref name="index"/>, unscrambled, as 32 bits after the binary point.
    /// </summary>
    public static uint Raw(uint index, int dimension)
    {
        var result = 0u;
        for (var bit = 0; index != 0; bit++, index >>= 1)
        {
            if ((index & 1) != 0)
                result ^= DirectionNumbers[dimension][bit];
        }
        return result;
    }

    /// <summary>The scrambled coordinate, uniform in [0, 1).</summary>
    public static double Scrambled(ulong seed, uint index, int dimension)
    {
        var hash = (uint)CounterRandom.Bits(seed, 0x50B01, (ulong)dimension);
        return Reverse(LaineKarras(Reverse(Raw(index, dimension)), hash)) * (1.0 / (1UL << Bits));
    }

    /// <summary>
    /// A permutation in which each bit depends only on the bits below it: nested uniform scrambling on reversed bits (Laine and Karras
    /// 2011).
    /// </summary>
    private static uint LaineKarras(uint x, uint seed)
    {
        x += seed;
        x ^= x * 0x6c50b47c;
        x ^= x * 0xb82f1e52;
        x ^= x * 0xc7afe638;
        x ^= x * 0x8d22f6e6;
        return x;
    }

    private static uint Reverse(uint x)
    {
        x = (x >> 16) | (x << 16);
        x = ((x & 0x00ff00ff) << 8) | ((x & 0xff00ff00) >> 8);
        x = ((x & 0x0f0f0f0f) << 4) | ((x & 0xf0f0f0f0) >> 4);
        x = ((x & 0x33333333) << 2) | ((x & 0xcccccccc) >> 2);
        return ((x & 0x55555555) << 1) | ((x & 0xaaaaaaaa) >> 1);
    }

    private static uint[] DirectionsOf(int dimension)
    {
        var v = new uint[Bits];
        if (dimension == 0)
        {
            for (var i = 0; i < Bits; i++)
                v[i] = 1u << (Bits - 1 - i);
            return v;
        }
        var initial = InitialNumbers[dimension - 1];
        var (s, a) = ((int)initial[0], initial[1]);
        for (var i = 0; i < Bits; i++)
        {
            if (i < s)
            {
                v[i] = initial[i + 2] << (Bits - 1 - i);
                continue;
            }
            v[i] = v[i - s] ^ (v[i - s] >> s);
            for (var k = 1; k < s; k++)
            {
                if (((a >> (s - 1 - k)) & 1) != 0)
                    v[i] ^= v[i - k];
            }
        }
        return v;
    }
}
