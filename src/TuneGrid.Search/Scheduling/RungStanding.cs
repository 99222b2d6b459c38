namespace TuneGrid.Search.Scheduling;

/// <summary>All scores of one rung, and which of its trials have gone up.</summary>
internal sealed class RungStanding
{
    private readonly RankedSet _all = new();
    private readonly SortedSet<Standing> _waiting = [];
    private readonly Dictionary<TrialId, double> _scores = [];

    public int Entered => _scores.Count;

    public int Promoted { get; private set; }

    /// <summary>A repeated report replaces the earlier one; a trial that has gone up stays up.</summary>
    public void Report(TrialId trial, double score)
    {
        var waits = true;
        if (_scores.TryGetValue(trial, out var earlier))
        {
            _all.Remove(new(earlier, trial));
            waits = _waiting.Remove(new(earlier, trial)) || double.IsNaN(earlier);
        }
        _scores[trial] = score;
        _all.Add(new(score, trial));
        if (waits && !double.IsNaN(score))
            _waiting.Add(new(score, trial));
    }

    public void Promote(TrialId trial)
    {
        if (_scores.TryGetValue(trial, out var score) && _waiting.Remove(new(score, trial)))
            Promoted++;
    }

    /// <summary>Forgets a trial that failed after its report, so that it can't be promoted.</summary>
    public void Withdraw(TrialId trial)
    {
        if (_scores.TryGetValue(trial, out var score))
            _waiting.Remove(new(score, trial));
    }

    /// <summary>The best trial that has not gone up, if it is among the best <paramref name="places"/>; null otherwise.</summary>
    public (TrialId Trial, PromotionReason Why)? BestWaiting(int rung, int places)
    {
        if (_waiting.Count == 0)
            return null;
        var best = _waiting.Min;
        var rank = _all.Rank(best);
        if (rank >= places)
            return null;
        var cutoff = _all.Select(Math.Min(places, _all.Count) - 1).Score;
        return (best.Trial, new PromotionReason(rung, best.Score, rank, _all.Count, cutoff));
    }
}
