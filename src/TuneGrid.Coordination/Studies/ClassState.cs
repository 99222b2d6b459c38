using TuneGrid.Search.Observations;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>A study within one hardware class: its own rungs, its own champion.</summary>
public sealed class ClassState
{
    private readonly SortedSet<TrialId> _ready = [];
    private readonly Dictionary<TrialId, SiloId> _running = [];
    private readonly Dictionary<SiloId, TrialId> _holders = [];

    private readonly IReadOnlyList<Configuration> _enqueued;
    private int _enqueuedProposed;

    /// <param name="finalists">Who runs again at the end; null if nobody does.</param>
    /// <param name="enqueued">What people added to the study, oldest first; it grows.</param>
    internal ClassState(
        HardwareClass hardware, IScheduler scheduler, FinalistSpec? finalists, IReadOnlyList<Configuration> enqueued) =>
        (Class, Scheduler, Finalists, _enqueued) = (hardware, scheduler, new(finalists), enqueued);

    /// <summary>The hardware class.</summary>
    public HardwareClass Class { get; }

    /// <summary>The class's brackets, in their scheduler's order.</summary>
    public IReadOnlyList<Bracket> Brackets => Scheduler.Brackets;

    /// <summary>What a sampler may know of the class.</summary>
    public SearchHistory History { get; } = new();

    /// <summary>How many trials were proposed for it.</summary>
    public int Proposed { get; private set; }

    /// <summary>Why no more are proposed although the study asked for more; null where nothing stands in the way.</summary>
    public string? ProposalsEnded { get; private set; }

    /// <summary>Trials that wait for a silo, lowest number first.</summary>
    public IReadOnlyCollection<TrialId> Ready => _ready;

    /// <summary>Trials that a silo holds a lease on, in no order.</summary>
    public IReadOnlyCollection<TrialId> Running => _running.Keys;

    /// <summary>True if no trial of this class runs, waits for a silo or can ever be promoted, and none will be proposed.</summary>
    public bool IsFinished => _running.Count == 0
        && (IsTimeOver
            || (_ready.Count == 0 && Enqueued is null && Scheduler.Next() is Decision.Finished && Finalists.Due is null));

    /// <summary>True if it is finished because nothing that is left can end within the study's time.</summary>
    public bool IsTimeOver { get; private set; }

    /// <summary>The trials that saw the whole budget, and their repeats.</summary>
    internal Finalists Finalists { get; }

    internal IScheduler Scheduler { get; }

    /// <summary>How long segments take.</summary>
    internal SegmentTimes Times { get; } = new();

    /// <summary>The control of the class; null if it has none.</summary>
    internal TrialId? Control { get; private set; }

    /// <summary>How many of the space's start points were proposed.</summary>
    internal int StartsProposed { get; private set; }

    /// <summary>The next configuration that a person added and that the class has not proposed; null if there is none.</summary>
    internal Configuration? Enqueued =>
        ProposalsEnded is null && _enqueuedProposed < _enqueued.Count ? _enqueued[_enqueuedProposed] : null;

    /// <summary>The trial this silo holds a lease on, or null.</summary>
    internal TrialId? HeldBy(SiloId silo) => _holders.TryGetValue(silo, out var trial) ? trial : null;

    /// <summary>One more was proposed, for this reason. Returns how it takes part.</summary>
    /// <param name="isControlled">Whether the first start point is a control.</param>
    internal TrialRole Propose(TrialId trial, string? by, bool isControlled)
    {
        Proposed++;
        switch (by)
        {
            case Proposals.Start when StartsProposed++ == 0 && isControlled:
                Control = trial;
                return TrialRole.Control;
            case Proposals.Enqueued:
                _enqueuedProposed++;
                return TrialRole.Extra;
            default:
                return TrialRole.Counted;
        }
    }

    /// <summary>More trials are asked for, also if there was a reason to propose no more.</summary>
    internal void Extend(int trials)
    {
        ProposalsEnded = null;
        Reopen();
        Scheduler.Extended(trials);
    }

    /// <summary>There is something to do again; whether in time, the next decision says.</summary>
    internal void Reopen() => IsTimeOver = false;

    internal void EndTime(string reason)
    {
        EndProposals(ProposalsEnded ?? reason);
        IsTimeOver = true;
    }

    internal void EndProposals(string reason)
    {
        ProposalsEnded = reason;
        Scheduler.Closed();
    }

    internal void SetReady(TrialId trial)
    {
        SetIdle(trial);
        _ready.Add(trial);
    }

    internal void SetRunning(TrialId trial, SiloId silo)
    {
        _ready.Remove(trial);
        _running[trial] = silo;
        _holders[silo] = trial;
    }

    internal void SetIdle(TrialId trial)
    {
        _ready.Remove(trial);
        if (_running.Remove(trial, out var silo) && _holders.TryGetValue(silo, out var held) && held == trial)
            _holders.Remove(silo);
    }
}
