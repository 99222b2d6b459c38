namespace TuneGrid.Search.Analysis;

/// <summary>What a mean lies in, in nine of ten cases.</summary>
public readonly record struct ScoreInterval(double Lower, double Upper);

/// <summary>
/// How far runs of one configuration lie apart, pooled over configurations: two of them with three runs each tell more of their seeds' luck
/// than either does alone.
/// </summary>
/// <param name="Deviation">The standard deviation between runs of one configuration.</param>
/// <param name="Freedom">How many degrees of freedom it was measured with, at least 1.</param>
public sealed record PooledSpread(double Deviation, int Freedom)
{
    /// <summary>Returns the spread within these groups of runs; null if none has two.</summary>
    /// <param name="groups">The scores of each configuration's runs.</param>
    public static PooledSpread? Of(IEnumerable<IReadOnlyCollection<double>> groups)
    {
        var (squares, freedom) = (0.0, 0);
        foreach (var runs in groups.Where(g => g.Count > 1))
        {
            var mean = Mean(runs);
            squares += runs.Sum(r => (r - mean) * (r - mean));
            freedom += runs.Count - 1;
        }
        return freedom > 0 ? new(Math.Sqrt(squares / freedom), freedom) : null;
    }

    /// <summary>Returns the mean of at least one score.</summary>
    public static double Mean(IReadOnlyCollection<double> runs) => runs.Sum() / runs.Count;

    /// <summary>Returns the 90 % t-interval of a mean over so many runs.</summary>
    public ScoreInterval Around(double mean, int runs)
    {
        var half = StudentQuantile.Upper(Freedom) * Deviation / Math.Sqrt(runs);
        return new(mean - half, mean + half);
    }

    /// <summary>Returns whether two means lie within the 90 % t-interval of their difference: nobody can tell which is better.</summary>
    public bool IsTie(double mean, int runs, double otherMean, int otherRuns) =>
        Math.Abs(mean - otherMean) <= StudentQuantile.Upper(Freedom) * Deviation * Math.Sqrt((1.0 / runs) + (1.0 / otherRuns));
}
