namespace TuneGrid.Search.Numerics;

/// <summary>
/// Elementary functions that give the same bits on every machine, unlike those of a platform's C library: nothing but IEEE additions,
/// multiplications, divisions and bit operations, in a fixed order. After fdlibm (Sun Microsystems 1993), within 1 ulp of the truth.
/// </summary>
public static partial class Elementary
{
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;
    private const double InverseLn2 = 1.44269504088896338700e+00;
    private const double InverseLn2High = 1.44269504072144627571e+00, InverseLn2Low = 1.67517131648865118353e-10;

    private const double SmallestNormal = 2.2250738585072014e-308;

    /// <summary>The largest argument whose exponential is finite, and the smallest whose exponential is not 0.</summary>
    private const double MostExponent = 7.09782712893383973096e+02, LeastExponent = -7.45133219101941108420e+02;

    /// <summary>Returns e to the power of <paramref name="x"/>.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (x > MostExponent)
            return double.PositiveInfinity;
        if (x < LeastExponent)
            return 0;
        if (Math.Abs(x) < 1.0 / (1 << 28))
            return 1 + x;
        var k = Math.Abs(x) > 0.5 * 0.6931471805599453 ? (int)((InverseLn2 * x) + (x < 0 ? -0.5 : 0.5)) : 0;
        var high = x - (k * Ln2High);
        var low = k * Ln2Low;
        var r = high - low;
        var c = Remainder(r);
        return Scaled(1 - (low - (r * c / (2 - c)) - high), k);
    }

    /// <summary>Returns the natural logarithm; NaN below 0, negative infinity at 0.</summary>
    public static double Log(double x)
    {
        if (!Split(x, out var k, out var f))
            return LogAtTheEnds(x);
        var half = 0.5 * f * f;
        return (Tail(f, half) + (k * Ln2Low) - half) + f + (k * Ln2High);
    }

    /// <summary>Returns the logarithm to base 2, exact for powers of 2; NaN below 0, negative infinity at 0.</summary>
    public static double Log2(double x)
    {
        if (!Split(x, out var k, out var f))
            return LogAtTheEnds(x);
        var half = 0.5 * f * f;
        var high = WithoutLow(f - half);
        var low = f - high - half + Tail(f, half);
        var first = high * InverseLn2High;
        var rest = ((low + high) * InverseLn2Low) + (low * InverseLn2High);
        var sum = k + first;
        return rest + (k - sum + first) + sum;
    }

    /// <summary>x = 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2). False unless x is finite and above 0.</summary>
    private static bool Split(double x, out int k, out double f)
    {
        (k, f) = (0, 0);
        if (!(x > 0) || double.IsInfinity(x))
            return false;
        if (x < SmallestNormal)
            (x, k) = (x * (1L << 54), -54);
        const ulong RootOfHalf = 0x3fe6a09e00000000, One = 0x3ff0000000000000, Fraction = 0x000fffffffffffff;
        var bits = BitConverter.DoubleToUInt64Bits(x) + (One - RootOfHalf);
        k += (int)(bits >> 52) - 0x3ff;
        f = BitConverter.UInt64BitsToDouble((bits & Fraction) + RootOfHalf) - 1;
        return true;
    }

    /// <summary>log(1 + f) - f + f^2 / 2.</summary>
    private static double Tail(double f, double half)
    {
        var s = f / (2 + f);
        var z = s * s;
        var w = z * z;
        var even = w * (3.999999999940941908e-01 + (w * (2.222219843214978396e-01 + (w * 1.531383769920937332e-01))));
        var odd = z * (6.666666666666735130e-01
            + (w * (2.857142874366239149e-01 + (w * (1.818357216161805012e-01 + (w * 1.479819860511658591e-01))))));
        return s * (half + (odd + even));
    }

    /// <summary>The polynomial of both exponentials: r - r^2 P(r^2).</summary>
    private static double Remainder(double r)
    {
        var t = r * r;
        return r - (t * (1.66666666666666019037e-01 + (t * (-2.77777777770155933842e-03
            + (t * (6.61375632143793436117e-05 + (t * (-1.65339022054652515390e-06 + (t * 4.13813679705723846039e-08)))))))));
    }

    private static double LogAtTheEnds(double x) => x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;

    /// <summary>x 2^k, rounded once, for x near 1 and k within the range of doubles, denormals included.</summary>
    private static double Scaled(double x, int k) =>
        k > 1023 ? x * 2 * PowerOfTwo(k - 1)
        : k >= -1022 ? x * PowerOfTwo(k)
        : x * PowerOfTwo(k + 200) * PowerOfTwo(-200);

    private static double PowerOfTwo(int k) => BitConverter.UInt64BitsToDouble((ulong)(k + 0x3ff) << 52);

    /// <summary>The upper half of the bits, so that products of two such numbers are exact.</summary>
    private static double WithoutLow(double x) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(x) & 0xffffffff00000000);
}
