namespace TuneGrid.Search.Scheduling;

/// <summary>The control of a bracket: it climbs rung by rung, as soon as it has a score, outside the rungs of the others.</summary>
internal sealed class ControlTrial(TrialId trial)
{
    private double? _score;
    private bool _hasFailed;

    public TrialId Trial => trial;

    /// <summary>The one it runs toward, or the last one it reached.</summary>
    public int Rung { get; private set; }

    public bool IsRunning => _score is null && !_hasFailed;

    public void Promote(int toRung) => (Rung, _score) = (toRung, null);

    public void Reach(int rung, double score)
    {
        // A retry may report again what it has left behind.
        if (rung >= Rung)
            (Rung, _score, _hasFailed) = (rung, double.IsNaN(score) ? null : score, double.IsNaN(score));
    }

    public void Fail() => (_score, _hasFailed) = (null, true);

    public void Retry() => _hasFailed = false;

    /// <summary>Returns its promotion, with its place beside the others of the rung; null if it runs, failed or is at the top.</summary>
    public Decision.Promote? Promotion(IReadOnlyList<Rung> rungs, int eta)
    {
        if (_score is not { } score || Rung == rungs.Count - 1)
            return null;
        var (others, places) = (rungs[Rung], rungs[Rung].Entered / eta);
        var cutoff = places > 0 ? others.ScoreAt(places - 1) : score;
        var why = new PromotionReason(Rung, score, others.RankOf(new(score, trial)), others.Entered + 1, cutoff) { Control = true };
        return new(trial, Rung + 1, why);
    }
}
