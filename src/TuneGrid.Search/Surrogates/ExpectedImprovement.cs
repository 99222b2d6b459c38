using TuneGrid.Search.Numerics;

namespace TuneGrid.Search.Surrogates;

/// <summary>How far below the best a value is expected to fall, counting nothing where it does not (Jones et al. 1998).</summary>
internal static class ExpectedImprovement
{
    /// <summary>Returns the expectation of max(0, best - value) for a normal value.</summary>
    public static double Of(double mean, double deviation, double best)
    {
        var z = (best - mean) / deviation;
        return deviation * ((z * Elementary.NormalCdf(z)) + Elementary.NormalDensity(z));
    }
}
