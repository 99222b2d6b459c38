using TuneGrid.Search.Observations;

namespace TuneGrid.Search.Scheduling;

/// <summary>
/// Runs one bracket or several side by side. A promotion always comes before a new trial, and of several the one that is nearest to the
/// whole budget; new trials go to the bracket that lags most behind its share.
/// </summary>
internal sealed class BracketScheduler(IReadOnlyList<BracketState> brackets) : IScheduler
{
    private readonly Dictionary<TrialId, BracketState> _bracketOf = [];

    public IReadOnlyList<Bracket> Brackets { get; private set; } = [.. brackets.Select(b => b.Bracket)];

    public Decision Next()
    {
        Decision.Promote? best = null;
        var bestRungsLeft = int.MaxValue;
        foreach (var bracket in brackets)
        {
            if (bracket.Promotion() is { } promotion && bracket.Bracket.Rungs.Length - promotion.ToRung < bestRungsLeft)
                (best, bestRungsLeft) = (promotion, bracket.Bracket.Rungs.Length - promotion.ToRung);
        }
        if (best is not null)
            return best;
        if (brackets.Where(b => b.CanStart).MinBy(b => (double)b.Started / b.Bracket.Trials) is { } next)
            return new Decision.Start(next.Bracket.Index);
        return brackets.Any(b => b.HasRunning) ? new Decision.Wait() : new Decision.Finished();
    }

    public void Proposed(TrialId trial, int bracket, TrialRole role)
    {
        _bracketOf[trial] = brackets[bracket];
        brackets[bracket].Start(trial, role);
    }

    public void Reached(TrialId trial, int rung, double score, IReadOnlyList<CurvePoint>? within) =>
        _bracketOf[trial].Reach(trial, rung, score);

    public void Promoted(TrialId trial, int toRung) => _bracketOf[trial].Promote(trial, toRung);

    public void Failed(TrialId trial) => _bracketOf[trial].Fail(trial);

    public void Retried(TrialId trial) => _bracketOf[trial].Retry(trial);

    public void Closed()
    {
        foreach (var bracket in brackets)
            bracket.Close();
    }

    public void Extended(int trials)
    {
        var shares = Schedulers.Share(trials, [.. Brackets.Select(b => (long)b.Trials)]);
        for (var i = 0; i < brackets.Count; i++)
            brackets[i].Extend(shares[i]);
        Brackets = [.. brackets.Select(b => b.Bracket)];
    }
}
