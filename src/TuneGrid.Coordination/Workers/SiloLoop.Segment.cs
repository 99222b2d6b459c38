using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers.Calibration;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Workers;

/// <content>Training a segment and reporting it.</content>
public sealed partial class SiloLoop
{
    /// <summary>Answers the next segment, if the silo got one along with its report.</summary>
    private async Task<Assignment?> TrainAsync(Assignment work, CancellationToken stop)
    {
        var order = work.Order;
        _notify(new SiloNotice.SegmentStarted(order));
        var startedAt = time.GetTimestamp();
        var pace = new SegmentPace(_calibration);
        var outcome = await RunAndWatchAsync(work, order, pace, stop);
        if (outcome is SegmentOutcome.Reached reached && pace.Relative is { } speed)
            outcome = new SegmentOutcome.Reached(reached.Result with { RelativeSpeed = speed });
        var answer = outcome is null ? null : await ReportAsync(work, outcome, stop);
        var isReported = answer is { IsRecorded: true };
        _desk.End(work, outcome, isReported, time.GetElapsedTime(startedAt));
        if (isReported)
            _notify(new SiloNotice.SegmentReported(order, outcome!));
        else
            _notify(new SiloNotice.SegmentLost(order.Study, order.Trial));
        return answer?.Next;
    }

    /// <summary>Null when the fence was lost, the checkpoint turned out damaged (reported here) or the silo must go without a result.</summary>
    private async Task<SegmentOutcome?> RunAndWatchAsync(Assignment work, SegmentOrder order, SegmentPace pace, CancellationToken stop)
    {
        using var abandon = new CancellationTokenSource();
        try
        {
            var segment = runner.RunAsync(order, pace, stop, abandon.Token);
            if (!await KeepLeaseAsync(work, order, segment, pace))
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
            await InsistAsync(c => _desk.ReportDamageAsync(work, checkpoint, exception.Message, c), stop);
            return null;
        }
        catch (StoreUnavailableException)
        {
            // The store's fault, not the trial's: it goes on from where it was last saved.
            return new SegmentOutcome.Stopped(0, null);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or StoreUnusableException or LedgerCorruptException))
        {
            return abandon.IsCancellationRequested ? null : new SegmentOutcome.Failed(FailureKind.Error, exception.Message);
        }
    }

    /// <summary>Renews the lease until the segment ends. False as soon as the fence is refused.</summary>
    private async Task<bool> KeepLeaseAsync(Assignment work, SegmentOrder order, Task segment, SegmentPace pace)
    {
        while (true)
        {
            try
            {
                if (!await store.RenewAsync(order.Study, order.Trial, work.Fence, options.TimeToLive, pace.Latest, CancellationToken.None))
                    return false;
                await store.AnnounceAsync(Myself(SiloActivity.Running, $"{order.Study} {order.Trial} to rung {work.Rung + 1}"), CancellationToken.None);
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

    private async Task<ReportAnswer?> ReportAsync(Assignment work, SegmentOutcome outcome, CancellationToken stop)
    {
        var next = await NextAsync(work.Order.Study, stop);
        var answer = await InsistAsync(c => _desk.ReportAsync(work, outcome, stop.IsCancellationRequested ? null : next, c), stop);
        if (answer is { IsRecorded: true })
            await PruneAsync(answer.Superfluous, CancellationToken.None);
        return answer;
    }

    /// <summary>What it asks for along with its report. Null if it has to leave or an earlier study may have work; it then asks, if at all, after the report.</summary>
    private async ValueTask<WorkRequest?> NextAsync(StudyId study, CancellationToken stop)
    {
        if (stop.IsCancellationRequested || _segments >= options.MaxTrials || study != _foremost)
            return null;
        try
        {
            return await store.AnnounceAsync(Myself(SiloActivity.Idle, ""), stop) ? null : new(silo, WasTraining: true, artifacts.IsLocal);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>
    /// Brings a report into the ledger, however long the store refuses: finished work is only given up when the fence is. A silo that was told to stop has
    /// its grace, and then leaves the trial to whoever finds its lease expired; the answer is null then.
    /// </summary>
    private async Task<T?> InsistAsync<T>(Func<CancellationToken, ValueTask<T>> report, CancellationToken stop)
    {
        using var giveUp = new CancellationTokenSource();
        await using var grace = time.CreateTimer(_ => giveUp.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var onStop = stop.Register(() => grace.Change(options.Grace, Timeout.InfiniteTimeSpan));
        try
        {
            return await _retry.RunAsync(report, giveUp.Token);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            return default;
        }
    }
}
