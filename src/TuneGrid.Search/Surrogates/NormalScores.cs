using TuneGrid.Search.Numerics;

namespace TuneGrid.Search.Surrogates;

/// <summary>
/// Ranks as quantiles of the standard normal distribution (Blom 1958): whatever a score's own scale and outliers, a Gaussian process sees
/// values that look as it expects.
/// </summary>
internal static class NormalScores
{
    /// <summary>Returns the normal score of each value, the lowest for the lowest; equal ones share theirs.</summary>
    public static double[] Of(double[] values)
    {
        var order = new int[values.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(order, (a, b) => values[a].CompareTo(values[b]) is var c && c != 0 ? c : a.CompareTo(b));
        var scores = new double[values.Length];
        for (var first = 0; first < order.Length;)
        {
            var last = first;
            while (last + 1 < order.Length && values[order[last + 1]].Equals(values[order[first]]))
                last++;
            var score = Elementary.NormalQuantile((((first + last) / 2.0) + 0.5) / order.Length);
            for (; first <= last; first++)
                scores[order[first]] = score;
        }
        return scores;
    }
}
