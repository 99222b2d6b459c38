namespace TuneGrid.Search.Numerics;

public static partial class Elementary
{
    /// <summary>
    /// Returns <paramref name="x"/> to the power of <paramref name="y"/>; a whole number to a whole power is exact where it fits. Special
    /// cases as in C99.
    /// </summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
            return 1;
        if (double.IsNaN(x) || double.IsNaN(y))
            return double.NaN;
        var size = Math.Abs(x);
        if (double.IsInfinity(y))
            return size == 1 ? 1 : size > 1 == y > 0 ? double.PositiveInfinity : 0;
        var isWhole = y == Math.Floor(y);
        var sign = double.IsNegative(x) && isWhole && IsOdd(y) ? -1.0 : 1.0;
        if (size == 0 || double.IsInfinity(size))
            return sign * (y < 0 ? 1 / size : size);
        if (x < 0 && !isWhole)
            return double.NaN;
        return size == 1 ? sign : sign * PowerOf(size, y);
    }

    private static bool IsOdd(double whole) => Math.Abs(whole) < 9007199254740992 && ((long)whole & 1) != 0;

    private static double PowerOf(double x, double y)
    {
        var (high, low) = Log2InTwo(x);
        var first = WithoutLow(y);
        var rest = ((y - first) * high) + (y * low);
        var most = first * high;
        var z = rest + most;
        if (z >= 1025)
            return double.PositiveInfinity;
        if (z <= -1076)
            return 0;
        var n = Math.Abs(z) > 0.5 ? Math.Floor(z + 0.5) : 0;
        return TwoTo(most - n, rest, (int)n);
    }

    /// <summary>2^(high + low + n).</summary>
    private static double TwoTo(double high, double low, int n)
    {
        const double Ln2 = 6.93147180559945286227e-01, First = 6.93147182464599609375e-01, Second = -1.90465429995776804525e-09;
        var t = WithoutLow(low + high);
        var u = t * First;
        var v = ((low - (t - high)) * Ln2) + (t * Second);
        var z = u + v;
        var w = v - (z - u);
        var c = Remainder(z);
        var r = (z * c / (c - 2)) - (w + (z * w));
        return n > 1024 ? double.PositiveInfinity : Scaled(1 - (r - z), n);
    }

    /// <summary>The logarithm to base 2 of a finite x above 0 as a sum of two, the first of 21 bits: 70 bits or so together.</summary>
    private static (double High, double Low) Log2InTwo(double x)
    {
        const double Cp = 9.61796693925975554329e-01, CpHigh = 9.61796700954437255859e-01, CpLow = -7.02846165095275826516e-09;
        var n = 0;
        if (x < SmallestNormal)
            (x, n) = (x * (1L << 53), -53);
        var top = (int)(BitConverter.DoubleToUInt64Bits(x) >> 32);
        n += (top >> 20) - 0x3ff;
        var fraction = top & 0x000fffff;
        top = fraction | 0x3ff00000;
        // Around 1 or around 1.5, whichever is nearer.
        var k = fraction is > 0x3988E and < 0xBB67A ? 1 : 0;
        if (fraction >= 0xBB67A)
            (n, top) = (n + 1, top - 0x00100000);
        x = BitConverter.UInt64BitsToDouble(((ulong)top << 32) | (uint)BitConverter.DoubleToUInt64Bits(x));
        var (basis, basisHigh, basisLow) = k == 0 ? (1.0, 0.0, 0.0) : (1.5, 5.84962487220764160156e-01, 1.35003920212974897128e-08);

        var u = x - basis;
        var v = 1 / (x + basis);
        var s = u * v;
        var sHigh = WithoutLow(s);
        var tHigh = BitConverter.UInt64BitsToDouble((ulong)(((top >> 1) | 0x20000000) + 0x00080000 + (k << 18)) << 32);
        var tLow = x - (tHigh - basis);
        var sLow = v * (u - (sHigh * tHigh) - (sHigh * tLow));
        var s2 = s * s;
        var r = s2 * s2 * (5.99999999999994648725e-01 + (s2 * (4.28571428578550184252e-01 + (s2 * (3.33333329818377432918e-01
            + (s2 * (2.72728123808534006489e-01 + (s2 * (2.30660745775561754067e-01 + (s2 * 2.06975017800338417784e-01))))))))));
        r += sLow * (sHigh + s);
        s2 = sHigh * sHigh;
        tHigh = WithoutLow(3 + s2 + r);
        tLow = r - (tHigh - 3 - s2);
        u = sHigh * tHigh;
        v = (sLow * tHigh) + (tLow * s);
        var pHigh = WithoutLow(u + v);
        var pLow = v - (pHigh - u);
        var zHigh = CpHigh * pHigh;
        var zLow = (CpLow * pHigh) + (pLow * Cp) + basisLow;
        var high = WithoutLow(zHigh + zLow + basisHigh + n);
        return (high, zLow - (high - n - basisHigh - zHigh));
    }
}
