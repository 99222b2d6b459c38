namespace TuneGrid.Search.Scheduling;

/// <summary>When a rung promotes its best trials.</summary>
internal enum PromotionRule
{
    /// <summary>
    /// ASHA: as soon as enough trials have reached it, without waiting for the slow ones (Li et al. 2020, arXiv:1810.05934).
    /// </summary>
    Asynchronous,

    /// <summary>
    /// Successive halving: once every trial that will ever reach it has reported or failed (Jamieson and Talwalkar 2016,
    /// arXiv:1502.07943).
    /// </summary>
    Synchronous,

    /// <summary>
    /// PASHA: as <see cref="Asynchronous"/>, but only up to a top rung that grows while the best of it stand in another order there than in
    /// the rung below (Bohdal et al. 2022, arXiv:2207.06940).
    /// </summary>
    Progressive,

    /// <summary>
    /// The median stopping rule: whoever is not worse than the median of those that have reached its rung (Golovin et al. 2017, Google
    /// Vizier).
    /// </summary>
    Median,

    /// <summary>
    /// Whom somebody else chooses, within what halving would have room for; by itself only to bring the last ones to an end.
    /// </summary>
    Chosen,
}

/// <summary>
/// One bracket: which trials are in which rung, which of them run, which may be promoted. Of n trials that have entered a rung at most
/// floor(n / eta) are promoted in all, always the best one that waits, which is then among the best floor(n / eta). Li et al. promote
/// whichever is among them at the moment, which lets early arrivals overspend; with the promotions counted, 27 trials become 9, 3 and 1, in
/// whatever order they arrive. A failed trial has entered its rung, as the worst.
/// <para>
/// A rung is closed when no trial can enter it any more. Its leader is promoted then even beyond floor(n / eta), and so is the best that
/// waits when all that were promoted before have failed: so a bracket of any size ends with a trial that saw the whole budget, unless every
/// trial failed.
/// </para>
/// </summary>
internal sealed class BracketState(Bracket bracket, int eta, PromotionRule rule)
{
    private readonly Rung[] _rungs = [.. bracket.Rungs.Select(_ => new Rung())];
    private readonly int[] _running = new int[bracket.Rungs.Length];
    private readonly int[] _paused = new int[bracket.Rungs.Length];
    private readonly Dictionary<TrialId, TrialState> _trials = [];
    private ControlTrial? _control;

    // Where nobody is promoted beyond, unless nothing else is left to do.
    private int _top = rule == PromotionRule.Progressive ? Math.Min(1, bracket.Rungs.Length - 1) : bracket.Rungs.Length - 1;
    private int _extra;
    private bool _takesNoMore;

    private enum TrialStatus { Running, Paused, Ended }

    public Bracket Bracket { get; private set; } = bracket;

    /// <summary>How many of the bracket's trials are used up.</summary>
    public int Started => _trials.Count - _extra + (_control is null ? 0 : 1);

    public bool CanStart => !_takesNoMore && Started < Bracket.Trials;

    public bool HasRunning => _control is { IsRunning: true } || _running.Any(count => count > 0);

    /// <summary>Nothing enters it any more: its rungs close with the trials that they have.</summary>
    public void Close() => _takesNoMore = true;

    /// <summary>It takes as many trials in all, even if it was closed.</summary>
    public void Extend(int trials) => (Bracket, _takesNoMore) = (Bracket with { Trials = trials }, false);

    public void Start(TrialId trial, TrialRole role)
    {
        if (role == TrialRole.Control)
        {
            _control = new(trial);
            return;
        }
        _extra += role == TrialRole.Extra ? 1 : 0;
        Move(trial, new(0, TrialStatus.Running));
    }

    public void Promote(TrialId trial, int toRung)
    {
        if (ControlIs(trial))
        {
            _control!.Promote(toRung);
            return;
        }
        _rungs[toRung - 1].Promote(trial);
        Move(trial, new(toRung, TrialStatus.Running));
    }

    public void Reach(TrialId trial, int rung, double score)
    {
        if (ControlIs(trial))
        {
            _control!.Reach(rung, score);
            return;
        }
        _rungs[rung].Report(trial, score);
        if (rung == _top && rung > 0 && rung < _rungs.Length - 1 && RankStability.Differs(_rungs.AsSpan(0, rung + 1)))
            _top++;
        // A retry may report again what its trial has left behind: the score is replaced, the trial stays where it is.
        if (rung >= _trials[trial].Rung)
            Move(trial, new(rung, double.IsNaN(score) ? TrialStatus.Ended : TrialStatus.Paused));
    }

    public void Fail(TrialId trial)
    {
        if (ControlIs(trial))
        {
            _control!.Fail();
            return;
        }
        var at = _trials[trial];
        _rungs[at.Rung].Report(trial, double.NaN);
        Move(trial, at with { Status = TrialStatus.Ended });
    }

    public void Retry(TrialId trial)
    {
        if (ControlIs(trial))
        {
            _control!.Retry();
            return;
        }
        var at = _trials[trial];
        _rungs[at.Rung].Withdraw(trial);
        Move(trial, at with { Status = TrialStatus.Running });
    }

    /// <summary>Returns the promotion that is due now, from the highest rung that has one; null if none.</summary>
    public Decision.Promote? Promotion()
    {
        var control = _control?.Promotion(_rungs, eta);
        return Best() is { } best && (control is null || best.ToRung > control.ToRung) ? best : control;
    }

    /// <summary>Returns whether halving all trials that were asked for would send more of them on from this rung than have gone.</summary>
    public bool HasQuota(int rung)
    {
        var places = Bracket.Trials + _extra;
        for (var i = 0; i <= rung; i++)
            places /= eta;
        return _rungs[rung].Promoted < places;
    }

    /// <summary>Returns the best of those that wait at a rung, best first.</summary>
    public IEnumerable<RungScore> Waiting(int rung, int most) => _rungs[rung].Waiting(most);

    /// <summary>Returns the reason that goes with a promotion from this rung.</summary>
    public PromotionReason ReasonFor(int rung, RungScore trial) => Reason(rung, trial, _rungs[rung].RankOf(trial));

    private bool ControlIs(TrialId trial) => _control?.Trial == trial;

    private Decision.Promote? Best()
    {
        Decision.Promote? highest = null;
        var isClosed = !CanStart;
        for (var rung = 0; rung < _rungs.Length - 1; rung++)
        {
            isClosed &= _running[rung] == 0;
            if (Candidate(rung, isClosed) is not { } candidate)
                continue;
            highest = candidate;
            // This trial will still enter the rungs above.
            isClosed = false;
        }
        return highest;
    }

    private Decision.Promote? Candidate(int rung, bool isClosed)
    {
        if (_rungs[rung].BestWaiting is not var (best, rank))
            return null;
        var hasPlace = HasPlace(rung, rank, isClosed);
        if (!hasPlace && (!isClosed || (rank > 0 && IsAnyTrialAbove(rung))))
            return null;
        return new(best.Trial, rung + 1, Reason(rung, best, rank)) { Next = _rungs[rung].NextWaiting };
    }

    private PromotionReason Reason(int rung, RungScore trial, int rank)
    {
        // Where more have failed than may not go on, the last of those with a score.
        var cutoff = _rungs[rung].ScoreAt(Math.Max(Math.Min(Places(rung), _rungs[rung].Scored) - 1, rank));
        return new(rung, trial.Score, rank, _rungs[rung].Entered, cutoff);
    }

    /// <summary>How many of those that have entered a rung may go on.</summary>
    private int Places(int rung) =>
        rule == PromotionRule.Median ? (_rungs[rung].Entered + 1) / 2 : _rungs[rung].Entered / eta;

    private bool HasPlace(int rung, int rank, bool isClosed) => rule switch
    {
        PromotionRule.Chosen => false,
        PromotionRule.Median => rank < Places(rung),
        PromotionRule.Synchronous => isClosed && _rungs[rung].Promoted < Places(rung),
        _ => rung < _top && _rungs[rung].Promoted < Places(rung),
    };

    private bool IsAnyTrialAbove(int rung) =>
        _running.AsSpan(rung + 1).ContainsAnyExcept(0) || _paused.AsSpan(rung + 1).ContainsAnyExcept(0);

    private void Move(TrialId trial, TrialState to)
    {
        if (_trials.TryGetValue(trial, out var from))
            Count(from, -1);
        Count(to, 1);
        _trials[trial] = to;
    }

    private void Count(TrialState at, int change)
    {
        if (at.Status == TrialStatus.Running)
            _running[at.Rung] += change;
        else if (at.Status == TrialStatus.Paused)
            _paused[at.Rung] += change;
    }

    /// <param name="Rung">The one it runs toward, or the last one it reached.</param>
    private readonly record struct TrialState(int Rung, TrialStatus Status);
}
