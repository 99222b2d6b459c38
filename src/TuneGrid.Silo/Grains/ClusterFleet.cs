using TuneGrid.Coordination;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Search.Scheduling;
using OrleansStatus = Orleans.Runtime.SiloStatus;

namespace TuneGrid.Silo.Grains;

/// <summary>
/// The silos of the cluster as one study sees them: who is dead, who is idle, and who should get what. A trial goes to the silo that
/// trained it last, if that one is idle and of its class, because it has the checkpoint and often the trainer still warm. Each segment is
/// held back for its silo once, until the next question.
/// </summary>
/// <param name="hasEnded">Returns whether a silo's process is known to have ended, though the cluster may not know it yet.</param>
/// <param name="wake">Tells a silo that there may be work.</param>
internal sealed class ClusterFleet(ISiloStatusOracle members, Func<SiloId, bool> hasEnded, Action<SiloId> wake) : IFleet
{
    private readonly Dictionary<SiloId, SiloDescription> _idle = [];
    private readonly Dictionary<TrialId, int> _heldBack = [];
    private HashSet<SiloId> _dead = [];

    public bool IsGone(SiloId silo) => _dead.Contains(silo) || hasEnded(silo);

    public bool PrefersAnother(StudyState state, TrialId trial, SiloDescription asks)
    {
        if (Better(state, trial, asks) is not { } better)
            return false;
        Wake([better]);
        return true;
    }

    /// <summary>It asked and found nothing to do.</summary>
    public void Idles(SiloDescription silo) => _idle[silo.Id] = silo;

    /// <summary>It asks: it is not idle now.</summary>
    public void Asks(SiloId silo) => _idle.Remove(silo);

    /// <summary>Wakes those for whom the study has work now; they are no longer known as idle, since they will ask.</summary>
    public void WakeUseful(StudyState state, TimeSpan timeToLive)
    {
        if (_idle.Count > 0)
            Wake([.. _idle.Values.Where(s => HasWork(state, s, timeToLive))]);
    }

    /// <summary>Wakes everybody: something has changed that each should see.</summary>
    public void WakeAll() => Wake([.. _idle.Values]);

    /// <summary>Looks who has died. Returns whether that is news.</summary>
    public bool NoticeTheDead()
    {
        var dead = new HashSet<SiloId>();
        foreach (var (address, status) in members.GetApproximateSiloStatuses())
        {
            if (status == OrleansStatus.Dead && members.TryGetSiloName(address, out var name))
                dead.Add(new(name));
        }
        var isNews = !dead.IsSubsetOf(_dead);
        _dead = dead;
        foreach (var silo in dead)
            _idle.Remove(silo);
        return isNews;
    }

    private static bool HasWork(StudyState state, SiloDescription silo, TimeSpan timeToLive) =>
        Coordinator.Decide(state, WorkOffer.Of(silo, timeToLive, [], default)) is WorkDecision.Run or WorkDecision.Record;

    /// <summary>The idle silo that should rather have this trial than the one that asks, or null.</summary>
    private SiloDescription? Better(StudyState state, TrialId id, SiloDescription asks)
    {
        if (id.Number >= state.Trials.Count || state.Trial(id) is not { Home: { } home } trial)
            return null;
        if (home == asks.Id || !_idle.TryGetValue(home, out var better) || better.Class != asks.Class)
            return null;
        if (_heldBack.GetValueOrDefault(id, -1) == trial.Segments.Count)
            return null;
        _heldBack[id] = trial.Segments.Count;
        return better;
    }

    private void Wake(IReadOnlyList<SiloDescription> silos)
    {
        foreach (var silo in silos)
        {
            _idle.Remove(silo.Id);
            wake(silo.Id);
        }
    }
}
