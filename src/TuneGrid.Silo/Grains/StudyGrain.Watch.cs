using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Silo.Grains;

/// <content>
/// What the study does of its own accord: follows the ledger, wakes idle silos, pauses or stops what should not train any more, notices the
/// dead.
/// </content>
internal sealed partial class StudyGrain
{
    /// <summary>How late the death of a silo is noticed at most, after its cluster has declared it.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>A busy ledger changes all the time; nobody needs to hear of it more often than this.</summary>
    private static readonly TimeSpan RestBetween = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<(TrialId Trial, int Segment)> _running = [];
    private long _shared;

    public async Task TendAsync()
    {
        try
        {
            var isNews = _fleet.NoticeTheDead();
            if (await _coordinator.RefreshAsync(Study, _deactivated.Token) is not { } state)
            {
                DeactivateOnIdle();
                return;
            }
            if (isNews || HoldTheDeadAny(state))
            {
                // Their leases are free: whoever is idle should look at them now.
                _coordinator.ForgetLeases();
                _fleet.WakeAll();
            }
            await ShareAsync();
            Steer(state);
        }
        catch (LedgerCorruptException)
        {
            // Whoever asks hears what is wrong; a grain that is asked again looks again.
            DeactivateOnIdle();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreUnusableException)
        {
            // The next look may find it again.
        }
    }

    /// <summary>Lets everybody have what is new since the last time.</summary>
    private async ValueTask ShareAsync()
    {
        if (_coordinator.Known(Study) is not { } state || state.Sequence == _shared)
            return;
        _shared = state.Sequence;
        if (state.IsOpen)
            _fleet.WakeUseful(state, _grid.Options.TimeToLive);
        else
            _fleet.WakeAll();
        if (_observers.Count > 0)
            await _observers.Notify(o => o.ChangedAsync(state.Sequence));
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
            catch (Exception e) when (e is StoreUnavailableException or StoreUnusableException or TimeoutException or OrleansException
                or OperationCanceledException)
            {
                await Task.Delay(LookEvery, _grid.Time, _deactivated.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    /// <summary>
    /// A segment whose study or trial was cancelled, or whose lease was taken, must not wait for its next heartbeat to hear of it; nor one
    /// whose study was paused.
    /// </summary>
    private void Steer(StudyState state)
    {
        foreach (var (trial, segment) in _running)
        {
            if (state.Trial(trial).Segments[segment].End is SegmentEnd.Cancelled or SegmentEnd.Expired)
                TrialOf(trial).AbandonAsync().Ignore();
        }
        _running.Clear();
        foreach (var trial in state.Classes.SelectMany(c => c.Running))
        {
            _running.Add((trial, state.Trial(trial).Segments.Count - 1));
            if (state.Status == StudyStatus.Paused)
                TrialOf(trial).PauseAsync().Ignore();
        }
        if (!state.IsOpen && _running.Count == 0)
            DeactivateOnIdle();
    }

    /// <summary>
    /// A death is news only once; who was busy then, or decided at the ledger because this grain had yet to move,
    /// must find the leases free too.
    /// </summary>
    private bool HoldTheDeadAny(StudyState state) => state.Classes.SelectMany(c => c.Running)
        .Any(t => state.Trial(t).Phase is TrialPhase.Running running && _fleet.IsGone(running.Silo));

    private ITrialGrain TrialOf(TrialId trial) => GrainFactory.GetGrain<ITrialGrain>(LocalSegments.KeyOf(Study, trial));
}
