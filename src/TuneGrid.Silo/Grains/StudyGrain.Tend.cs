using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using OrleansStatus = Orleans.Runtime.SiloStatus;

namespace TuneGrid.Silo.Grains;

/// <content>What the study does of its own accord: follows the ledger, wakes idle silos, stops what has lost its lease, notices the dead.</content>
internal sealed partial class StudyGrain
{
    /// <summary>How late the death of a silo is noticed at most, after its cluster has declared it.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>A busy ledger changes all the time; nobody needs to hear of it more often than this.</summary>
    private static readonly TimeSpan RestBetween = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<(TrialId Trial, int Segment)> _running = [];
    private HashSet<string> _dead = [];
    private long _told;

    public async Task TendAsync()
    {
        try
        {
            NoticeTheDead();
            if (await _desk.RefreshAsync(Study, _deactivated.Token) is not { } state)
            {
                DeactivateOnIdle();
                return;
            }
            await ShareAsync();
            StopTheLost(state);
        }
        catch (StoreUnavailableException)
        {
            // The next look may find it again.
        }
    }

    /// <summary>Lets everybody have what is new since the last time. Null if the study is unknown.</summary>
    private async ValueTask<StudyState?> ShareAsync()
    {
        if (_desk.Known(Study) is not { } state || state.Sequence == _told)
            return _desk.Known(Study);
        _told = state.Sequence;
        Wake(_idle.Count == 0 ? [] : state.Status == StudyStatus.Running ? _idle.TakeUseful(state, _grid.Options.TimeToLive) : _idle.TakeAll());
        if (_observers.Count > 0)
            await _observers.Notify(o => o.ChangedAsync(state.Sequence));
        return state;
    }

    private async Task WatchAsync(IStudyGrain self)
    {
        for (var cursor = 0L; !_deactivated.IsCancellationRequested;)
        {
            try
            {
                cursor = await _grid.Store.WaitForChangeAsync(cursor, LookEvery, _deactivated.Token);
                // Through a call, so that it takes its turn among the others.
                await self.TendAsync();
                await Task.Delay(RestBetween, _grid.Time, _deactivated.Token);
            }
            catch (Exception exception) when (exception is StoreUnavailableException or TimeoutException or OrleansException or OperationCanceledException)
            {
                await Task.Delay(LookEvery, _grid.Time, _deactivated.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    /// <summary>A silo that its cluster has declared dead holds its leases no longer: whoever is idle should look at them now.</summary>
    private void NoticeTheDead()
    {
        var dead = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (address, status) in _members.GetApproximateSiloStatuses())
        {
            if (status == OrleansStatus.Dead && _members.TryGetSiloName(address, out var name))
                dead.Add(name);
        }
        var isNews = !dead.IsSubsetOf(_dead);
        _dead = dead;
        if (!isNews)
            return;
        _idle.Keep(a => !_members.IsDeadSilo(a));
        _desk.ForgetLeases();
        Wake(_idle.TakeAll());
    }

    private bool IsGone(SiloId silo) => _dead.Contains(silo.Value);

    private bool PrefersAnother(StudyState state, TrialId trial, SiloDescription asks)
    {
        if (_idle.Better(state, trial, asks) is not { } better)
            return false;
        Wake([better]);
        return true;
    }

    /// <summary>A segment whose study was cancelled, or whose lease was taken, must not wait for its next heartbeat to hear of it.</summary>
    private void StopTheLost(StudyState state)
    {
        foreach (var (trial, segment) in _running)
        {
            if (state.Trial(trial).Segments[segment].End is SegmentEnd.Cancelled or SegmentEnd.Expired)
                GrainFactory.GetGrain<ITrialGrain>(LocalSegments.KeyOf(Study, trial)).AbandonAsync().Ignore();
        }
        _running.Clear();
        foreach (var trial in state.Classes.SelectMany(c => c.Running))
            _running.Add((trial, state.Trial(trial).Segments.Count - 1));
        if (state.Status != StudyStatus.Running && _running.Count == 0)
            DeactivateOnIdle();
    }

    private void Wake(IEnumerable<IdleSilo> silos)
    {
        foreach (var silo in silos)
            GrainFactory.GetGrain<ISiloGrain>(silo.Address.ToParsableString()).WakeAsync().Ignore();
    }
}
