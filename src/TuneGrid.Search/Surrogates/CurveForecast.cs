using TuneGrid.Search.Numerics;

namespace TuneGrid.Search.Surrogates;

/// <summary>What a score is expected to be at an amount that was not reached yet: a normal distribution.</summary>
/// <param name="Score">Its middle; lower is better.</param>
/// <param name="Deviation">Its standard deviation, above 0.</param>
public readonly record struct CurveForecast(double Score, double Deviation)
{
    /// <summary>Returns the interval around the middle that holds the score with this probability.</summary>
    /// <param name="share">Between 0 and 1, for example 0.8.</param>
    public (double Low, double High) Interval(double share)
    {
        var half = Elementary.NormalQuantile((1 + share) / 2) * Deviation;
        return (Score - half, Score + half);
    }

    /// <summary>Returns the probability that the score will be better than this one.</summary>
    public double ChanceBelow(double threshold) => Elementary.NormalCdf((threshold - Score) / Deviation);
}
