using TuneGrid.Coordination;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Silo.Membership;

namespace TuneGrid.Silo.Grains;

/// <summary>
/// The desk in the study's grain, wherever that is. If the cluster can't be reached although calls were repeated, the silo decides at the ledger itself, as the store
/// runtime does: no partition stops a silo that still reaches the store.
/// </summary>
internal sealed class GrainDesk(IGrainFactory grains, GridServices grid, SiloAddress address, Func<CorpusReference, bool> canRun) : IWorkDesk
{
    private readonly LedgerDesk _ledger = new(grid.Store, grid.Planner, grid.Options, grid.Time, canRun);

    public ValueTask<WorkAnswer> AskAsync(StudyId study, WorkRequest request, CancellationToken cancellation) => CallAsync(
        async () =>
        {
            var answer = await Study(study).AskAsync(Message(request));
            Raise(answer.Fault);
            return new WorkAnswer(answer.Work?.Read(), answer.IsOver, answer.Ended is { } ended ? EventJson.ReadSummary(ended) : null, Hashes(answer.Superfluous));
        },
        () => _ledger.AskAsync(study, request, cancellation), cancellation);

    public ValueTask<ReportAnswer> ReportAsync(Assignment work, SegmentOutcome outcome, WorkRequest? next, CancellationToken cancellation) => CallAsync(
        async () =>
        {
            using var span = SegmentCalls.Start("tunegrid.segment.report", work.Order);
            var answer = await Study(work.Order.Study).ReportAsync(new(AssignmentMessage.Of(work), EventJson.WriteOutcome(outcome), next is null ? null : Message(next)));
            Raise(answer.Fault);
            return new ReportAnswer(answer.IsRecorded, Hashes(answer.Superfluous), answer.Next?.Read());
        },
        () => _ledger.ReportAsync(work, outcome, next, cancellation), cancellation);

    public ValueTask<bool> ReportDamageAsync(Assignment work, ArtifactHash checkpoint, string reason, CancellationToken cancellation) => CallAsync(
        async () =>
        {
            using var span = SegmentCalls.Start("tunegrid.segment.report", work.Order);
            var answer = await Study(work.Order.Study).ReportDamageAsync(new(AssignmentMessage.Of(work), checkpoint.Hex, reason));
            Raise(answer.Fault);
            return answer.IsRecorded;
        },
        () => _ledger.ReportDamageAsync(work, checkpoint, reason, cancellation), cancellation);

    public void End(Assignment work, SegmentOutcome? outcome, bool isReported, TimeSpan elapsed)
    {
        _ledger.End(work, outcome, isReported, elapsed);
        Study(work.Order.Study).EndAsync(new(AssignmentMessage.Of(work), outcome is null ? null : EventJson.WriteOutcome(outcome), isReported, elapsed)).Ignore();
    }

    /// <summary>A study's grain wakes this silo; new studies, and whatever other runtimes append, show in the store.</summary>
    public async ValueTask<long> WaitAsync(long cursor, TimeSpan timeout, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (woken, changed) = (grid.Signal.WaitAsync(enough.Token), grid.Store.WaitForChangeAsync(cursor, timeout, enough.Token).AsTask());
        var first = await Task.WhenAny(woken, changed);
        await enough.CancelAsync();
        if (first == changed)
            return await changed;
        await changed.ContinueWith(_ => { }, TaskScheduler.Default);
        cancellation.ThrowIfCancellationRequested();
        return cursor;
    }

    private AskMessage Message(WorkRequest request) => new(EventJson.WriteSilo(request.Silo), address, request.WasTraining);

    private IStudyGrain Study(StudyId study) => grains.GetGrain<IStudyGrain>(study.Value);

    private static async ValueTask<T> CallAsync<T>(Func<ValueTask<T>> call, Func<ValueTask<T>> otherwise, CancellationToken cancellation)
    {
        try
        {
            return await Liveness.Retries.ExecuteAsync(_ => call(), cancellation);
        }
        catch (Exception exception) when (Liveness.IsHopeless(exception))
        {
            cancellation.ThrowIfCancellationRequested();
            return await otherwise();
        }
    }

    private static void Raise(FaultMessage? fault)
    {
        if (fault is not null)
            throw fault.ToException();
    }

    private static ArtifactHash[] Hashes(string[] hex) => [.. hex.Select(h => new ArtifactHash(h))];
}
