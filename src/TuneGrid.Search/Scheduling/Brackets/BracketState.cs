namespace TuneGrid.Search.Scheduling.Brackets;

/// <summary>What one bracket knows: who is in which rung and who runs. Rules differ in when a rung lets trials go up.</summary>
internal abstract class BracketState(Bracket bracket, int eta)
{
    private readonly HashSet<TrialId> _running = [];

    public Bracket Bracket { get; } = bracket;

    public int Started { get; private set; }

    public int Running => _running.Count;

    public bool CanStart => Started < Bracket.Trials;

    protected int Eta { get; } = eta;

    protected RungStanding[] Rungs { get; } = [.. bracket.Rungs.Select(_ => new RungStanding())];

    protected int Top => Rungs.Length - 1;

    public void Start(TrialId trial)
    {
        Started++;
        _running.Add(trial);
    }

    public void Reach(TrialId trial, int rung, double score)
    {
        _running.Remove(trial);
        Rungs[rung].Report(trial, score);
    }

    public void Promote(TrialId trial, int toRung)
    {
        Rungs[toRung - 1].Promote(trial);
        _running.Add(trial);
    }

    public void Fail(TrialId trial)
    {
        _running.Remove(trial);
        foreach (var rung in Rungs)
            rung.Withdraw(trial);
    }

    /// <summary>A trial that may go up now, the highest rung first; null if none.</summary>
    public abstract Decision.Promote? Promotion();

    /// <summary>
    /// When nothing runs and nobody may go up by the rule, but no trial has seen the whole budget: the best of the highest rung goes up all the same, so that
    /// a study of any size ends with a champion unless every trial failed.
    /// </summary>
    public Decision.Promote? LastChance()
    {
        if (Rungs[Top].Entered > 0)
            return null;
        for (var rung = Top - 1; rung >= 0; rung--)
        {
            if (Candidate(rung, int.MaxValue) is { } promotion)
                return promotion;
        }
        return null;
    }

    protected Decision.Promote? Candidate(int rung, int places)
        => Rungs[rung].BestWaiting(rung, places) is { } best ? new Decision.Promote(best.Trial, rung + 1, best.Why) : null;
}
