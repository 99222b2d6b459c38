namespace TuneGrid.Search.Scheduling;

/// <summary>All scores of one rung, and which of its trials have gone up.</summary>
internal sealed class Rung
{
    private readonly RankedSet _all = new();
    private readonly SortedSet<RungScore> _waiting = [];
    private readonly Dictionary<TrialId, double> _scores = [];
    private readonly HashSet<TrialId> _promoted = [];
    private int _failed;

    /// <summary>Trials that reached this rung or failed on the way to it; the latter rank worst.</summary>
    public int Entered => _scores.Count;

    /// <summary>Those of them that have a score.</summary>
    public int Scored => _scores.Count - _failed;

    public int Promoted => _promoted.Count;

    /// <summary>A repeated report replaces the earlier one; a trial that has gone up stays up.</summary>
    /// <param name="score">NaN for a trial that failed.</param>
    public void Report(TrialId trial, double score)
    {
        if (_scores.TryGetValue(trial, out var earlier))
        {
            _all.Remove(new(earlier, trial));
            _waiting.Remove(new(earlier, trial));
            _failed -= double.IsNaN(earlier) ? 1 : 0;
        }
        _scores[trial] = score;
        _failed += double.IsNaN(score) ? 1 : 0;
        _all.Add(new(score, trial));
        if (!double.IsNaN(score) && !_promoted.Contains(trial))
            _waiting.Add(new(score, trial));
    }

    /// <summary>The trial has not entered the rung after all. What went up from it stays up.</summary>
    public void Withdraw(TrialId trial)
    {
        if (!_scores.Remove(trial, out var score))
            return;
        _failed -= double.IsNaN(score) ? 1 : 0;
        _all.Remove(new(score, trial));
        _waiting.Remove(new(score, trial));
    }

    public void Promote(TrialId trial)
    {
        _promoted.Add(trial);
        if (_scores.TryGetValue(trial, out var score))
            _waiting.Remove(new(score, trial));
    }

    /// <summary>The best trial that could go up, and its rank; null if none waits.</summary>
    public (RungScore Best, int Rank)? BestWaiting => _waiting.Count > 0 ? (_waiting.Min, _all.Rank(_waiting.Min)) : null;

    /// <summary>The score of the one that would go up if the best did not; null if there is none.</summary>
    public double? NextWaiting => _waiting.Count > 1 ? _waiting.Skip(1).First().Score : null;

    /// <summary>The best of those that could go up, best first.</summary>
    public IEnumerable<RungScore> Waiting(int most) => _waiting.Take(most);

    /// <summary>How many of its trials have a better score than this one, which need not be among them.</summary>
    public int RankOf(RungScore outsider) => _all.Rank(outsider);

    /// <summary>The trials at the first ranks, best first; those that failed are not among them.</summary>
    public IEnumerable<RungScore> Best(int count)
    {
        for (var rank = 0; rank < Math.Min(count, _all.Count); rank++)
        {
            if (_all.Select(rank) is var item && !double.IsNaN(item.Score))
                yield return item;
        }
    }

    /// <summary>The trial's score here; NaN if it failed on the way or never came.</summary>
    public double ScoreOf(TrialId trial) => _scores.GetValueOrDefault(trial, double.NaN);

    /// <summary>The score at this rank, 0 being the best.</summary>
    public double ScoreAt(int rank) => _all.Select(rank).Score;
}
