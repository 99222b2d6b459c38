using TuneGrid.Coordination;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Scheduling;
using TuneGrid.Silo.Grains;
using TuneGrid.Silo.Membership;
using TuneGrid.Silo.Security;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;

namespace TuneGrid.Silo.Hosting;

/// <summary>
/// What people ask of studies and silos, through their grains, which act within a step. Where no cluster can be reached it is written to
/// the store itself, and whoever shares the store hears of it at the next heartbeat. Dispose of it to disconnect.
/// </summary>
public sealed class ClusterControl : IAsyncDisposable
{
    private readonly OpenedStore _store;
    private readonly ClusterClient? _client;

    private ClusterControl(OpenedStore store, ClusterClient? client) => (_store, _client) = (store, client);

    /// <summary>Connects to the cluster if there is one.</summary>
    public static async Task<ClusterControl> OpenAsync(OpenedStore store, ClusterSecurity security, CancellationToken cancellation) =>
        new(store, await ClusterClient.TryConnectAsync(store, security, cancellation));

    /// <summary>Pauses a study. Returns false if it is unknown, was paused already or has ended.</summary>
    public ValueTask<bool> PauseAsync(StudyId study, string reason, CancellationToken cancellation) =>
        CallAsync(study, g => g.PauseAsync(reason), s => s.PauseAsync(reason, cancellation), cancellation);

    /// <summary>Lets a paused study go on. Returns false if it was not paused.</summary>
    public ValueTask<bool> ResumeAsync(StudyId study, CancellationToken cancellation) =>
        CallAsync(study, g => g.ResumeAsync(), s => s.ResumeAsync(cancellation), cancellation);

    /// <summary>Ends a study. Returns false if it is unknown or had ended already.</summary>
    public ValueTask<bool> CancelAsync(StudyId study, string reason, CancellationToken cancellation) =>
        CallAsync(study, g => g.CancelAsync(reason), s => s.CancelAsync(reason, cancellation), cancellation);

    /// <summary>Ends one trial. Returns false if it is unknown, or it or its study had ended already.</summary>
    public ValueTask<bool> CancelAsync(StudyId study, TrialId trial, string reason, CancellationToken cancellation) =>
        CallAsync(study, g => g.CancelTrialAsync(trial.Number, reason), s => s.CancelAsync(trial, reason, cancellation), cancellation);

    /// <summary>Asks a silo to leave. Returns false if the store knows no such silo.</summary>
    public async ValueTask<bool> DrainAsync(SiloId silo, DrainRequest request, CancellationToken cancellation)
    {
        // In the store first: it reaches silos of every cluster. The grain only hurries the one that it can reach.
        var isKnown = await _store.Studies.RequestDrainAsync(silo, request, cancellation);
        if (isKnown && _client is not null)
            await TryAsync(() => _client.Grains.GetGrain<ISiloGrain>(silo.Value).DrainAsync(request), cancellation);
        return isKnown;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? default;

    private async ValueTask<bool> CallAsync(
        StudyId study, Func<IStudyGrain, Task<bool>> call, Func<StudyFollower, ValueTask<bool>> otherwise, CancellationToken cancellation)
    {
        bool? answer = _client is null ? null : await TryAsync(() => call(_client.Grains.GetGrain<IStudyGrain>(study.Value)), cancellation);
        return answer ?? await otherwise(new(_store.Studies, study, SpacePlanner.Read));
    }

    /// <summary>Returns null if the cluster could not be reached.</summary>
    private static async ValueTask<bool?> TryAsync(Func<Task<bool>> call, CancellationToken cancellation)
    {
        try
        {
            return await Liveness.Retries.ExecuteAsync(async _ => await call(), cancellation);
        }
        catch (Exception exception) when (Liveness.IsHopeless(exception) && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
