using TuneGrid.Search.Observations;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// Makes scores of different rungs comparable: each trial's last one is carried up to the highest rung that any has reached, rung by rung,
/// along a line through those that have both. The few who were promoted are the best of theirs, so each line is drawn toward a slope of 1.
/// </summary>
internal sealed class ChainedScores
{
    /// <summary>How many trials the slope of 1 counts for.</summary>
    private const double PriorTrials = 5;

    private const double LeastSlope = 0.1;

    private readonly double[] _amounts;
    private readonly (double Slope, double Offset)[] _lines;

    public ChainedScores(IReadOnlyList<Observation> trials)
    {
        _amounts = [.. trials.SelectMany(t => t.Rungs).Select(r => r.Amount).Distinct().Order()];
        _lines = new (double, double)[Math.Max(0, _amounts.Length - 1)];
        for (var level = 0; level < _lines.Length; level++)
            _lines[level] = Line(trials, _amounts[level], _amounts[level + 1]);
    }

    /// <summary>How many rungs have been reached by any trial.</summary>
    public int Levels => _amounts.Length;

    /// <summary>Returns what the trial's last score is worth at the highest rung. It has reached one.</summary>
    public double Of(Observation trial)
    {
        var last = trial.Rungs[^1];
        var score = last.Score;
        for (var level = LevelOf(trial); level < _lines.Length; level++)
            score = _lines[level].Offset + (_lines[level].Slope * score);
        return score;
    }

    /// <summary>Returns how many rungs lie below the trial's last one.</summary>
    public int LevelOf(Observation trial) => Array.BinarySearch(_amounts, trial.Rungs[^1].Amount);

    private static (double Slope, double Offset) Line(IReadOnlyList<Observation> trials, double lower, double upper)
    {
        var (below, above, all) = (new List<double>(), new List<double>(), new List<double>());
        foreach (var trial in trials)
        {
            if (ScoreAt(trial, lower) is not { } score)
                continue;
            all.Add(score);
            if (ScoreAt(trial, upper) is not { } next)
                continue;
            below.Add(score);
            above.Add(next);
        }
        if (below.Count == 0)
            return (1, 0);
        all.Sort();
        var spread = all[all.Count / 2] - all[all.Count / 10];
        var prior = PriorTrials * ((spread * spread) + 1e-12);
        var (meanBelow, meanAbove) = (below.Average(), above.Average());
        var (squares, products) = (0.0, 0.0);
        for (var i = 0; i < below.Count; i++)
        {
            squares += (below[i] - meanBelow) * (below[i] - meanBelow);
            products += (below[i] - meanBelow) * (above[i] - meanAbove);
        }
        var slope = Math.Max(LeastSlope, (products + prior) / (squares + prior));
        return (slope, meanAbove - (slope * meanBelow));
    }

    private static double? ScoreAt(Observation trial, double amount)
    {
        foreach (var rung in trial.Rungs)
        {
            if (rung.Amount.Equals(amount))
                return rung.Score;
        }
        return null;
    }
}
