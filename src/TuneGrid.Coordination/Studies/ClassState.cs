using TuneGrid.Search.Observations;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Studies;

/// <summary>A study within one hardware class: its own rungs, its own champion.</summary>
public sealed class ClassState
{
    private readonly SortedSet<TrialId> _ready = [];
    private readonly Dictionary<TrialId, SiloId> _running = [];
    private readonly Dictionary<SiloId, TrialId> _holders = [];

    internal ClassState(HardwareClass hardware, IScheduler scheduler) => (Class, Scheduler) = (hardware, scheduler);

    /// <summary>The hardware class.</summary>
    public HardwareClass Class { get; }

    /// <summary>The class's brackets, in their scheduler's order.</summary>
    public IReadOnlyList<Bracket> Brackets => Scheduler.Brackets;

    /// <summary>What a sampler may know of the class.</summary>
    public SearchHistory History { get; } = new();

    /// <summary>How many trials were proposed for it.</summary>
    public int Proposed { get; internal set; }

    /// <summary>Why no more are proposed although the study asked for more; null where nothing stands in the way.</summary>
    public string? ProposalsEnded { get; private set; }

    /// <summary>Trials that wait for a silo, lowest number first.</summary>
    public IReadOnlyCollection<TrialId> Ready => _ready;

    /// <summary>Trials that a silo holds a lease on, in no order.</summary>
    public IReadOnlyCollection<TrialId> Running => _running.Keys;

    /// <summary>True if no trial of this class runs, waits for a silo or can ever be promoted, and none will be proposed.</summary>
    public bool IsFinished => _ready.Count == 0 && _running.Count == 0 && Scheduler.Next() is Decision.Finished;

    internal IScheduler Scheduler { get; }

    /// <summary>The trial this silo holds a lease on, or null.</summary>
    internal TrialId? HeldBy(SiloId silo) => _holders.TryGetValue(silo, out var trial) ? trial : null;

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
