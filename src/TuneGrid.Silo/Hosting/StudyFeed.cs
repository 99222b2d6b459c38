using System.Collections.Concurrent;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Silo.Grains;
using TuneGrid.Silo.Membership;
using TuneGrid.Silo.Security;
using TuneGrid.Storage;

namespace TuneGrid.Silo.Hosting;

/// <summary>
/// News of a study from its grain, at once and between the heartbeats, for whoever follows it as a client of the cluster. Silos may well
/// come after it, and go: it connects whenever there is a cluster. Dispose of it to end.
/// </summary>
public sealed class StudyFeed : IAsyncDisposable
{
    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(1);
    private readonly Observer _observer = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _following;

    /// <summary>Starts to follow the study.</summary>
    public StudyFeed(OpenedStore store, StudyId study, ClusterSecurity security) =>
        _following = Task.Run(() => FollowAsync(store, study, security));

    /// <summary>Returns the newest word of a trial that trains, or null.</summary>
    public SegmentProgress? ProgressOf(TrialId trial) => _observer.Latest.GetValueOrDefault(trial.Number);

    /// <summary>Returns when there are news.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _observer.News.WaitAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private async Task FollowAsync(OpenedStore store, StudyId study, ClusterSecurity security)
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await using var client = await ClusterClient.TryConnectAsync(store, security, _ended.Token);
                if (client is not null)
                    await SubscribeAsync(client, study);
            }
            catch (Exception)
            {
                // No silo, or none any more; what there is to know stands in the store.
            }
            await Task.Delay(TryEvery, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Stays subscribed until the end: the grain forgets who says nothing, and a grain that has moved has forgotten everybody.
    /// </summary>
    private async Task SubscribeAsync(ClusterClient client, StudyId study)
    {
        var grain = client.Grains.GetGrain<IStudyGrain>(study.Value);
        var reference = client.Grains.CreateObjectReference<IStudyObserver>(_observer);
        while (!_ended.IsCancellationRequested)
        {
            await Liveness.Retries.ExecuteAsync(async _ => await grain.SubscribeAsync(reference), _ended.Token);
            await Task.Delay(RenewEvery, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await grain.UnsubscribeAsync(reference).WaitAsync(LeaveWithin);
    }

    private sealed class Observer : IStudyObserver
    {
        public ConcurrentDictionary<int, SegmentProgress> Latest { get; } = new();

        public WorkSignal News { get; } = new();

        public Task ChangedAsync(long sequence)
        {
            News.Pulse();
            return Task.CompletedTask;
        }

        public Task ProgressedAsync(int trial, SegmentProgress progress)
        {
            Latest[trial] = progress;
            News.Pulse();
            return Task.CompletedTask;
        }
    }
}
