using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Silos;

/// <content>Training a segment and reporting it.</content>
public sealed partial class SiloLoop
{
    private sealed class LatestProgress : IProgress<SegmentProgress>
    {
        private volatile SegmentProgress? _value;

        public SegmentProgress? Value => _value;

        public void Report(SegmentProgress value) => _value = value;
    }

    private async Task TrainAsync(Assignment work, CancellationToken stop)
    {
        var order = OrderFor(work);
        _notify(new SiloNotice.SegmentStarted(order));
        var startedAt = time.GetTimestamp();
        var outcome = await RunAndWatchAsync(work, order, stop);
        var isReported = outcome is not null && await ReportAsync(work, outcome, stop);
        work.Trace.End(outcome, isReported, time.GetElapsedTime(startedAt));
        if (isReported)
            _notify(new SiloNotice.SegmentReported(order, outcome!));
        else if (outcome is null)
            _notify(new SiloNotice.SegmentLost(order.Study, order.Trial));
    }

    private static SegmentOrder OrderFor(Assignment work)
    {
        var (state, trial) = (work.Ledger.State, work.Trial);
        var segment = trial.Segments[^1];
        return new(
            state.Id, trial.Id, segment.Number, trial.Configuration, TrialSeed.Of(state.Space.Seed, trial.NumberInClass), state.Created.Corpus,
            state.Space.Budget, segment.ToAmount, segment.Rung == trial.Bracket.Rungs.Length - 1, trial.LastCheckpoint?.Hash, work.Trace.SegmentParent ?? segment.Trace);
    }

    /// <summary>Null when the fence was lost, the checkpoint turned out damaged (reported here) or the silo must go without a result.</summary>
    private async Task<SegmentOutcome?> RunAndWatchAsync(Assignment work, SegmentOrder order, CancellationToken stop)
    {
        using var abandon = new CancellationTokenSource();
        var progress = new LatestProgress();
        try
        {
            var segment = runner.RunAsync(order, progress, stop, abandon.Token);
            if (!await KeepLeaseAsync(work, order, segment, progress))
            {
                abandon.Cancel();
                await segment;
                return null;
            }
            return await segment;
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            return null;
        }
        catch (ArtifactDamagedException exception) when (order.Checkpoint is { } checkpoint)
        {
            _notify(new SiloNotice.CheckpointDamaged(order.Study, order.Trial, exception.Message));
            await RecordAsync(work, (s, now) => Coordinator.ReportDamage(s, order.Trial, work.Fence, checkpoint, exception.Message, now), stop);
            return null;
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or StoreUnusableException or LedgerCorruptException))
        {
            return abandon.IsCancellationRequested ? null : new SegmentOutcome.Failed(FailureKind.Error, exception.Message);
        }
    }

    /// <summary>Renews the lease until the segment ends. False as soon as the fence is refused.</summary>
    private async Task<bool> KeepLeaseAsync(Assignment work, SegmentOrder order, Task segment, LatestProgress progress)
    {
        var rung = work.Trial.Segments[^1].Rung;
        while (true)
        {
            try
            {
                if (!await store.RenewAsync(order.Study, order.Trial, work.Fence, options.TimeToLive, progress.Value, CancellationToken.None))
                    return false;
                await store.AnnounceAsync(silo with { Status = SiloStatus.Running, Doing = $"{order.Study} {order.Trial} to rung {rung}" }, CancellationToken.None);
            }
            catch (StoreUnavailableException exception)
            {
                // Training goes on: if the lease runs out meanwhile, the fence will say so.
                _notify(new SiloNotice.StoreUnavailable(exception.Message, options.Heartbeat));
            }
            using var beat = new CancellationTokenSource();
            await Task.WhenAny(segment, Task.Delay(options.Heartbeat, time, beat.Token));
            beat.Cancel();
            if (segment.IsCompleted)
                return true;
        }
    }

    private async Task<bool> ReportAsync(Assignment work, SegmentOutcome outcome, CancellationToken stop)
    {
        var isRecorded = await RecordAsync(work, (s, now) => Coordinator.Report(s, work.Trial.Id, work.Fence, outcome, now), stop);
        if (!isRecorded)
            _notify(new SiloNotice.SegmentLost(work.Ledger.State.Id, work.Trial.Id));
        else
            await PruneAsync(ArtifactPruner.AfterReport(work.Trial), CancellationToken.None);
        return isRecorded;
    }

    /// <summary>
    /// Brings a report into the ledger, however long the store refuses: finished work is only given up when the fence is. A silo that was told to stop has
    /// its grace, and then leaves the trial to whoever finds its lease expired.
    /// </summary>
    private async Task<bool> RecordAsync(Assignment work, Func<StudyState, DateTimeOffset, ReportDecision> report, CancellationToken stop)
    {
        using var giveUp = new CancellationTokenSource();
        await using var grace = time.CreateTimer(_ => giveUp.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var onStop = stop.Register(() => grace.Change(options.Grace, Timeout.InfiniteTimeSpan));
        try
        {
            return await _retry.RunAsync(c => TryRecordAsync(work, report, c), giveUp.Token);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            return false;
        }
    }

    private async ValueTask<bool> TryRecordAsync(Assignment work, Func<StudyState, DateTimeOffset, ReportDecision> report, CancellationToken cancellation)
    {
        while (true)
        {
            await work.Ledger.RefreshAsync(cancellation);
            var decision = report(work.Ledger.State, await store.NowAsync(cancellation));
            if (decision is not ReportDecision.Record record)
                return decision is ReportDecision.AlreadyRecorded;
            if (await work.Ledger.TryAppendAsync(record.Events, record.Leases, cancellation))
                return true;
        }
    }
}
