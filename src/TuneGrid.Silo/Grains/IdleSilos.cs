using TuneGrid.Coordination;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Silo.Grains;

/// <summary>A silo that asked and found nothing to do.</summary>
internal sealed record IdleSilo(SiloDescription Silo, SiloAddress Address);

/// <summary>
/// The idle silos that a study knows of, and who should get what: a trial goes to the silo that trained it last, if that one is idle and of its class, because it has
/// the checkpoint and often the trainer still warm. Each segment is held back for its silo once, until the next question.
/// </summary>
internal sealed class IdleSilos
{
    private readonly Dictionary<SiloId, IdleSilo> _idle = [];
    private readonly Dictionary<TrialId, int> _heldBack = [];

    public int Count => _idle.Count;

    public void Add(IdleSilo silo) => _idle[silo.Silo.Id] = silo;

    public void Remove(SiloId silo) => _idle.Remove(silo);

    public void Keep(Func<SiloAddress, bool> isAlive)
    {
        foreach (var gone in _idle.Values.Where(s => !isAlive(s.Address)).ToList())
            _idle.Remove(gone.Silo.Id);
    }

    /// <summary>Those for whom the study has work now; they are no longer known as idle, since they will ask.</summary>
    public List<IdleSilo> TakeUseful(StudyState state, TimeSpan timeToLive) => Take(s =>
        Coordinator.Decide(state, new(s.Silo.Id, s.Silo.Class, default, timeToLive, [], null, _ => false)) is WorkDecision.Run or WorkDecision.Record);

    public List<IdleSilo> TakeAll() => Take(_ => true);

    /// <summary>The idle silo that should rather have this trial than the one that asks, or null.</summary>
    public IdleSilo? Better(StudyState state, TrialId id, SiloDescription asks)
    {
        if (id.Number >= state.Trials.Count || state.Trial(id) is not { LastCheckpoint: not null } trial)
            return null;
        var home = trial.Segments.LastOrDefault(s => s.End is SegmentEnd.Reached or SegmentEnd.Paused)?.Silo;
        if (home is not { } silo || silo == asks.Id || !_idle.TryGetValue(silo, out var better) || better.Silo.Class != asks.Class)
            return null;
        if (_heldBack.GetValueOrDefault(id, -1) == trial.Segments.Count)
            return null;
        _heldBack[id] = trial.Segments.Count;
        return better;
    }

    private List<IdleSilo> Take(Func<IdleSilo, bool> isWanted)
    {
        var taken = _idle.Values.Where(isWanted).ToList();
        taken.ForEach(s => _idle.Remove(s.Silo.Id));
        return taken;
    }
}
