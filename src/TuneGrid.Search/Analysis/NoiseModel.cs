using TuneGrid.Search.Numerics;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Analysis;

/// <summary>How much of a score is the luck of its seed, at one amount of a budget.</summary>
/// <param name="Amount">In budget units.</param>
/// <param name="Deviation">The standard deviation between runs of one configuration.</param>
/// <param name="Freedom">How many degrees of freedom it was measured with, at least 1.</param>
/// <param name="Spread">The standard deviation between configurations, on the better side; 0 where it is unknown.</param>
public readonly record struct NoisePoint(double Amount, double Deviation, int Freedom, double Spread);

/// <summary>The noise of one hardware class over the amounts of a budget, as repeats have shown it.</summary>
/// <param name="points">In ascending order of amount, at least one.</param>
public sealed class NoiseModel(ValueList<NoisePoint> points)
{
    // Where only the top rung was measured, earlier scores are taken to scatter more by the cube root of what was trained less: between no
    // growth and the square root, by which a mean over so many steps would scatter.
    private const double Growth = 1.0 / 3;

    private static readonly double RootOfTwo = Math.Sqrt(2);

    /// <summary>What was measured, in ascending order of amount.</summary>
    public ValueList<NoisePoint> Points => points;

    /// <summary>
    /// Returns what the repeats of a class show: at the whole budget together with the runs that they repeat, below it among themselves,
    /// since what came up to a rung there was chosen for its luck. Empty if no configuration has two runs.
    /// </summary>
    public static ValueList<NoisePoint> Measure(SearchHistory history)
    {
        var own = history.Trials.Where(t => t.RepeatOf is null && t.Rungs.Count > 0).ToList();
        var repeats = history.Trials.Where(t => t is { RepeatOf: not null, Status: ObservationStatus.Completed })
            .GroupBy(t => t.RepeatOf!.Value).ToDictionary(g => g.Key, g => g.ToList());
        if (repeats.Count == 0)
            return [];
        var amounts = own.SelectMany(t => t.Rungs.Select(r => r.Amount)).Distinct().Order().ToList();
        var spreads = new RungSpread(own, amounts[0]);
        var measured = new List<NoisePoint>();
        foreach (var amount in amounts)
        {
            var groups = repeats.Select(r => (amount < amounts[^1] ? r.Value : r.Value.Append(own.First(t => t.Trial == r.Key)))
                .Select(t => CurveReading.At(t.Curve, amount)).OfType<double>().ToList());
            var spread = spreads.Next(amount);
            if (PooledSpread.Of(groups) is { } pooled)
                measured.Add(new(amount, pooled.Deviation, pooled.Freedom, spread));
        }
        return new([.. measured]);
    }

    /// <summary>Returns the model of several measurements together; null if there is none.</summary>
    public static NoiseModel? Pool(IEnumerable<ValueList<NoisePoint>> measurements)
    {
        var pooled = measurements.SelectMany(m => m).GroupBy(p => p.Amount).OrderBy(g => g.Key).Select(Pooled).ToArray();
        return pooled.Length == 0 ? null : new([.. pooled]);

        static NoisePoint Pooled(IGrouping<double, NoisePoint> group)
        {
            var freedom = group.Sum(p => p.Freedom);
            var variance = group.Sum(p => p.Freedom * p.Deviation * p.Deviation) / freedom;
            return new(group.Key, Math.Sqrt(variance), freedom, group.Sum(p => p.Freedom * p.Spread) / freedom);
        }
    }

    /// <summary>Returns the standard deviation between runs of one configuration at an amount, in budget units, above 0.</summary>
    public double DeviationAt(double amount) => CurveReading.At([.. points.Select(p => new CurvePoint(p.Amount, p.Deviation))], amount)
        ?? (amount < points[0].Amount
            ? points[0].Deviation * Elementary.Pow(points[0].Amount / amount, Growth)
            : points[^1].Deviation);

    /// <summary>Returns the standard deviation between configurations at an amount; 0 where it is unknown.</summary>
    public double SpreadAt(double amount) =>
        CurveReading.At([.. points.Select(p => new CurvePoint(p.Amount, p.Spread))], amount)
        ?? (amount < points[0].Amount ? points[0].Spread : points[^1].Spread);

    /// <summary>
    /// Returns how probably a configuration is better than another, each of which showed one score at the same amount; lower is better.
    /// </summary>
    public double ProbabilityBetter(double amount, double score, double other)
    {
        var deviation = RootOfTwo * DeviationAt(amount);
        return deviation > 0 ? Elementary.NormalCdf((other - score) / deviation) : score < other ? 1 : score > other ? 0 : 0.5;
    }
}
