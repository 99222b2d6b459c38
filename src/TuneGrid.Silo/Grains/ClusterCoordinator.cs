using TuneGrid.Coordination;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Silo.Membership;

namespace TuneGrid.Silo.Grains;

/// <summary>
/// The coordinator in the study's grain, wherever that is. If the cluster can't be reached although calls were repeated, the silo decides
/// at the ledger itself: no partition stops a silo that still reaches the store.
/// </summary>
/// <param name="fleet">What this silo itself knows of the others, for when it has to decide.</param>
internal sealed class ClusterCoordinator(IGrainFactory grains, GrainServices grid, ClusterFleet fleet) : IStudyCoordinator
{
    private readonly LedgerCoordinator _ledger = new(grid.Store, grid.Planner, grid.Options, grid.Time, fleet, artifacts: grid.Artifacts);

    public ValueTask<WorkAnswer> AskAsync(StudyId study, WorkRequest request, CancellationToken cancellation) => CallAsync(
        () => Of(study).AskAsync(request), () => _ledger.AskAsync(study, request, cancellation), cancellation);

    public ValueTask<ReportAnswer> ReportAsync(
        Assignment work, SegmentOutcome outcome, WorkRequest? next, CancellationToken cancellation) => CallAsync(
        async () =>
        {
            using var span = SegmentSpans.Start("tunegrid.segment.report", work);
            return await Of(work.Study).ReportAsync(work, outcome, next);
        },
        () => _ledger.ReportAsync(work, outcome, next, cancellation), cancellation);

    public ValueTask<bool> ReportDamageAsync(
        Assignment work, ArtifactHash checkpoint, string reason, CancellationToken cancellation) => CallAsync(
        async () =>
        {
            using var span = SegmentSpans.Start("tunegrid.segment.report", work);
            return await Of(work.Study).ReportDamageAsync(work, checkpoint.Hex, reason);
        },
        () => _ledger.ReportDamageAsync(work, checkpoint, reason, cancellation), cancellation);

    public void End(Assignment work, SegmentOutcome? outcome, bool isReported, TimeSpan elapsed)
    {
        _ledger.End(work, outcome, isReported, elapsed);
        Of(work.Study).EndAsync(work, outcome, isReported, elapsed).Ignore();
    }

    /// <summary>A study's grain wakes this silo; new studies, and what other clusters append, show in the store.</summary>
    public async ValueTask<long> WaitAsync(long cursor, TimeSpan timeout, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var woken = grid.Signal.WaitAsync(enough.Token);
        var changed = grid.Store.WaitForChangeAsync(cursor, timeout, enough.Token).AsTask();
        var first = await Task.WhenAny(woken, changed);
        await enough.CancelAsync();
        if (first == changed)
            return await changed;
        await changed.ContinueWith(_ => { }, TaskScheduler.Default);
        cancellation.ThrowIfCancellationRequested();
        return cursor;
    }

    public void Keep(IReadOnlyCollection<StudyId> open) => _ledger.Keep(open);

    private IStudyGrain Of(StudyId study) => grains.GetGrain<IStudyGrain>(study.Value);

    private async ValueTask<T> CallAsync<T>(Func<Task<T>> call, Func<ValueTask<T>> otherwise, CancellationToken cancellation)
    {
        try
        {
            return await Liveness.Retries.ExecuteAsync(async _ => await call(), cancellation);
        }
        catch (Exception exception) when (Liveness.IsHopeless(exception))
        {
            cancellation.ThrowIfCancellationRequested();
            if (fleet.NoticeTheDead())
                _ledger.ForgetLeases();
            return await otherwise();
        }
    }
}
