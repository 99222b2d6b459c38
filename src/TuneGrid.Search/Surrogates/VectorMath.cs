using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TuneGrid.Search.Surrogates;

/// <summary>
/// Loops over doubles, four lanes at a time in an order that does not depend on the machine's own width: the same bits come out where the
/// four lanes are one register, two or none. Nothing is fused.
/// </summary>
internal static class VectorMath
{
    private const int Lanes = 4;
    private const double Log2E = 1.4426950408889634, Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>Adding it rounds a double below 2^51 to an integer, which then stands in the lowest bits.</summary>
    private const double Rounder = 6755399441055744.0;

    /// <summary>Below it exp is zero here: far from where a kernel's value could matter, and before its exponent runs out.</summary>
    private const double Smallest = -700;

    /// <summary>1 / n! from n = 12 down to 0: within half a ln 2 of zero the next term is under 2^-58.</summary>
    private static readonly double[] Taylor =
    [
        1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120,
        1.0 / 24, 1.0 / 6, 1.0 / 2, 1, 1,
    ];

    /// <summary>Returns the sum of products over [from, to).</summary>
    public static double Dot(double[] a, double[] b, int from, int to)
    {
        var (sum0, sum1) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = from;
        for (; i + (2 * Lanes) <= to; i += 2 * Lanes)
        {
            sum0 += Vector256.LoadUnsafe(ref a[0], (nuint)i) * Vector256.LoadUnsafe(ref b[0], (nuint)i);
            sum1 += Vector256.LoadUnsafe(ref a[0], (nuint)(i + Lanes)) * Vector256.LoadUnsafe(ref b[0], (nuint)(i + Lanes));
        }
        sum0 += sum1;
        var total = (sum0[0] + sum0[1]) + (sum0[2] + sum0[3]);
        for (; i < to; i++)
            total += a[i] * b[i];
        return total;
    }

    /// <summary>Adds factor times b to a, over [0, to).</summary>
    public static void AddScaled(double[] a, double[] b, double factor, int to)
    {
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i + Lanes <= to; i += Lanes)
        {
            var sum = Vector256.LoadUnsafe(ref a[0], (nuint)i) + (factors * Vector256.LoadUnsafe(ref b[0], (nuint)i));
            sum.StoreUnsafe(ref a[0], (nuint)i);
        }
        for (; i < to; i++)
            a[i] += factor * b[i];
    }

    /// <summary>Returns exp of each lane, which is at most 0; zero below -700.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ExpOfNegative(Vector256<double> x)
    {
        var bounded = Vector256.Max(x, Vector256.Create(Smallest));
        var shifted = (bounded * Log2E) + Vector256.Create(Rounder);
        var count = shifted - Vector256.Create(Rounder);
        var rest = (bounded - (count * Ln2High)) - (count * Ln2Low);
        var sum = Vector256.Create(Taylor[0]);
        for (var i = 1; i < Taylor.Length; i++)
            sum = (sum * rest) + Vector256.Create(Taylor[i]);
        var power = Vector256.ShiftLeft(shifted.AsInt64() + Vector256.Create(1023L), 52).AsDouble();
        return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(Smallest)), Vector256<double>.Zero, sum * power);
    }
}
