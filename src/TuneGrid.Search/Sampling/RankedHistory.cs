using TuneGrid.Search.Observations;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// A history's trials from best to worst as far as rungs tell: by their scores at the deepest rung that enough have reached, then those
/// that have not come so far, from the deepest on. Repeats count for nothing, and neither do failures that say nothing.
/// </summary>
internal sealed class RankedHistory
{
    /// <summary>Of a longer history only the last trials are looked at, so that a proposal's time is bounded.</summary>
    public const int MostTrials = 5000;

    private RankedHistory(double amount, int level, int there, List<int> scored, List<int> bad) =>
        (Amount, Level, There, Scored, Bad) = (amount, level, there, scored, bad);

    /// <summary>The rung that ranks, in budget units; 0 while nothing has a score.</summary>
    public double Amount { get; }

    /// <summary>How many rungs lie below it.</summary>
    public int Level { get; }

    /// <summary>How many trials were ranked at it: the first ones of <see cref="Scored"/>.</summary>
    public int There { get; }

    /// <summary>Places in the history, the best trial first.</summary>
    public IReadOnlyList<int> Scored { get; }

    /// <summary>
    /// Places in the history of what counts as bad without a rank: failures that the configuration brought about, and trials on their way
    /// to the first rung, so that trials that run side by side differ.
    /// </summary>
    public IReadOnlyList<int> Bad { get; }

    /// <param name="enough">How many trials must have reached a rung for it to rank.</param>
    public static RankedHistory Of(SearchHistory history, int enough)
    {
        var trials = history.Trials;
        var first = Math.Max(0, trials.Count - MostTrials);
        var counts = new SortedDictionary<double, int>();
        for (var i = first; i < trials.Count; i++)
        {
            foreach (var rung in trials[i].RepeatOf is null ? trials[i].Rungs : [])
                counts[rung.Amount] = counts.GetValueOrDefault(rung.Amount) + 1;
        }
        var amount = counts.LastOrDefault(c => c.Value >= enough).Key;
        if (amount == 0 && counts.Count > 0)
            amount = counts.MaxBy(c => c.Value).Key;
        var (scored, bad) = (new List<Standing>(), new List<int>());
        for (var i = first; i < trials.Count; i++)
        {
            var trial = trials[i];
            if (trial.RepeatOf is not null)
                continue;
            if (trial is { Status: ObservationStatus.Failed, Failure: not (null or FailureCause.Unrelated) })
                bad.Add(i);
            else if (trial.Rungs.Count > 0)
                scored.Add(Standing.Of(trial, i, amount));
            else if (trial.Status != ObservationStatus.Failed)
                bad.Add(i);
        }
        scored.Sort();
        var there = scored.Count(s => s.Amount >= amount);
        return new(amount, counts.Keys.Count(k => k < amount), there, [.. scored.Select(s => s.Index)], bad);
    }

    private readonly record struct Standing(double Amount, double Score, int Index) : IComparable<Standing>
    {
        /// <summary>The first rung from the ranking one on, where all that came so far are compared; else the last before it.</summary>
        public static Standing Of(Observation trial, int place, double amount)
        {
            foreach (var rung in trial.Rungs)
            {
                if (rung.Amount >= amount)
                    return new(amount, rung.Score, place);
            }
            var last = trial.Rungs[^1];
            return new(last.Amount, last.Score, place);
        }

        public int CompareTo(Standing other)
        {
            var byAmount = other.Amount.CompareTo(Amount);
            var byScore = Score.CompareTo(other.Score);
            return byAmount != 0 ? byAmount : byScore != 0 ? byScore : Index.CompareTo(other.Index);
        }
    }
}
