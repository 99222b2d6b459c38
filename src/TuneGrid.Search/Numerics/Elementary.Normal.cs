namespace TuneGrid.Search.Numerics;

public static partial class Elementary
{
    private const double RootOfTwoPi = 2.506628274631000502;

    /// <summary>Returns the density of the standard normal distribution.</summary>
    public static double NormalDensity(double x) => Exp(-0.5 * x * x) / RootOfTwoPi;

    /// <summary>
    /// Returns the probability that a standard normal variable is at most <paramref name="x"/>, to 10 digits, in the lower tail too. After
    /// Hart 1968 as in West 2005, "Better approximations to cumulative normal functions".
    /// </summary>
    public static double NormalCdf(double x)
    {
        if (double.IsNaN(x))
            return x;
        var tail = UpperTail(Math.Abs(x));
        return x > 0 ? 1 - tail : tail;
    }

    /// <summary>
    /// Returns the x that a standard normal variable stays below with this probability; infinite at 0 and 1, NaN outside. Algorithm AS 241
    /// (Wichura 1988), to 16 digits.
    /// </summary>
    public static double NormalQuantile(double probability)
    {
        if (!(probability is >= 0 and <= 1))
            return double.NaN;
        var q = probability - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            var center = 0.180625 - (q * q);
            return q * Ratio(center, CenterUpper, CenterLower);
        }
        var tail = q < 0 ? probability : 1 - probability;
        if (tail == 0)
            return q < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        var r = Math.Sqrt(-Log(tail));
        var size = r <= 5 ? Ratio(r - 1.6, MiddleUpper, MiddleLower) : Ratio(r - 5, FarUpper, FarLower);
        return q < 0 ? -size : size;
    }

    // Highest power first.
    private static readonly double[] CenterUpper =
    [
        2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4, 1.3731693765509461125e4,
        1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0,
    ];

    private static readonly double[] CenterLower =
    [
        5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4, 5.3941960214247511077e3,
        6.8718700749205790830e2, 4.2313330701600911252e1, 1,
    ];

    private static readonly double[] MiddleUpper =
    [
        7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
        3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0,
    ];

    private static readonly double[] MiddleLower =
    [
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1,
    ];

    private static readonly double[] FarUpper =
    [
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
        2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0,
    ];

    private static readonly double[] FarLower =
    [
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
        1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1,
    ];

    private static readonly double[] TailUpper =
    [
        3.52624965998911e-02, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931, 220.206867912376,
    ];

    private static readonly double[] TailLower =
    [
        8.83883476483184e-02, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831, 793.826512519948,
        440.413735824752,
    ];

    private static double UpperTail(double x)
    {
        if (x > 38.6)
            return 0;
        var e = Exp(-0.5 * x * x);
        if (x < 3)
            return e * Ratio(x, TailUpper, TailLower);
        // Laplace's continued fraction: the ratio loses its digits far out.
        var fraction = x;
        for (var i = 24; i >= 1; i--)
            fraction = x + (i / fraction);
        return e / fraction / RootOfTwoPi;
    }

    private static double Ratio(double x, double[] upper, double[] lower) => Polynomial(x, upper) / Polynomial(x, lower);

    private static double Polynomial(double x, double[] coefficients)
    {
        var sum = coefficients[0];
        for (var i = 1; i < coefficients.Length; i++)
            sum = (sum * x) + coefficients[i];
        return sum;
    }
}
