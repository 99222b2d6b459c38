using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers.Calibration;

namespace TuneGrid.Coordination.Workers;

/// <content>Training a segment and reporting it.</content>
public sealed partial class SiloWorker
{
    /// <summary>Trains and reports a segment. Returns the next one, if the silo got one along with its report.</summary>
    private async Task<Assignment?> TrainAsync(Assignment work, CancellationToken stop)
    {
        services.Notify(new SiloNotice.SegmentStarted(work));
        var startedAt = _time.GetTimestamp();
        var pace = new SegmentPace(_calibrator);
        var outcome = await RunAndWatchAsync(work, pace, stop);
        if (outcome is SegmentOutcome.Reached reached && pace.Relative is { } speed)
            outcome = new SegmentOutcome.Reached(reached.Result with { RelativeSpeed = speed });
        var answer = outcome is null ? null : await ReportAsync(work, outcome, stop);
        var isReported = answer is { IsRecorded: true };
        _coordinator.End(work, outcome, isReported, _time.GetElapsedTime(startedAt));
        if (isReported)
            services.Notify(new SiloNotice.SegmentReported(work, outcome!));
        else if (answer?.Objection is { } objection)
            outcome = Refused(work, objection);
        else
            services.Notify(new SiloNotice.SegmentLost(work.Study, work.Trial));
        // What was stopped may have been stopped before it met the fault.
        if (outcome is SegmentOutcome.Released released)
            _givenBack = new(released.Reason, work, (_givenBack?.InARow ?? 0) + 1);
        else if (outcome is SegmentOutcome.Reached or SegmentOutcome.Failed)
            _givenBack = null;
        if (answer?.Ended is { } summary)
            await EndAsync(summary);
        return Taken(answer?.Next);
    }

    /// <summary>For this silo it is as if it could not run the trial: it pauses, and leaves after a few of those.</summary>
    private SegmentOutcome.Released Refused(Assignment work, string objection)
    {
        services.Notify(new SiloNotice.ReportRefused(work.Study, work.Trial, objection));
        return new(ReleaseCause.Unknown, objection);
    }

    /// <summary>
    /// Returns how the segment ended; null when the fence was lost, the checkpoint turned out damaged (reported here) or the silo must go
    /// without a result.
    /// </summary>
    private async Task<SegmentOutcome?> RunAndWatchAsync(Assignment work, SegmentPace pace, CancellationToken stop)
    {
        using var abandon = new CancellationTokenSource();
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<SegmentOutcome>? segment = null;
        try
        {
            segment = RunAfterPauseAsync(work, pace, pause.Token, abandon.Token);
            if (!await KeepLeaseAsync(work, segment, pace, pause))
            {
                abandon.Cancel();
                var left = await segment;
                await TryDeleteAsync(() => _sweep.DropAsync(work, left, CancellationToken.None));
                return null;
            }
            return await segment;
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            return null;
        }
        catch (ArtifactDamagedException exception) when (work.Checkpoint is { } checkpoint)
        {
            services.Notify(new SiloNotice.CheckpointDamaged(work.Study, work.Trial, exception.Message));
            await TellAsync(work, c => _coordinator.ReportDamageAsync(work, checkpoint, exception.Message, c), stop);
            return null;
        }
        catch (StoreUnavailableException)
        {
            // The store's fault, not the trial's: it goes on from where it was last saved.
            return new SegmentOutcome.Stopped(0, null);
        }
        catch (Exception) when (segment is { IsCompleted: false })
        {
            // The ledger's store can't be used at all: nobody could hear of the segment.
            await abandon.CancelAsync();
            await ((Task)segment).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        catch (Exception exception)
        {
            return abandon.IsCancellationRequested ? null : SegmentFaults.Released(exception);
        }
    }

    /// <summary>A trial that has taken silos of this host down waits first, the longer the more it took.</summary>
    private async Task<SegmentOutcome> RunAfterPauseAsync(
        Assignment work, SegmentPace pace, CancellationToken pause, CancellationToken abandon)
    {
        if (SegmentFaults.PauseAfterLosses(work.Losses) is var wait && wait > TimeSpan.Zero)
        {
            services.Notify(new SiloNotice.TrialLosesSilos(work, wait));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(pause, abandon);
            try
            {
                await Task.Delay(wait, _time, stop.Token);
            }
            catch (OperationCanceledException)
            {
                return new SegmentOutcome.Stopped(0, null);
            }
        }
        return await services.Runner.RunAsync(work, pace, pause, abandon);
    }

    /// <summary>Renews the lease until the segment ends. Returns false as soon as the fence is refused.</summary>
    /// <param name="pause">Cancelled here when the segment should write a checkpoint and end.</param>
    private async Task<bool> KeepLeaseAsync(Assignment work, Task segment, SegmentPace pace, CancellationTokenSource pause)
    {
        while (true)
        {
            try
            {
                var renewal = await _store.RenewAsync(
                    work.Study, work.Trial, work.Fence, options.TimeToLive, pace.Latest, CancellationToken.None);
                if (renewal == LeaseRenewal.Lost)
                    return false;
                var doing = $"{work.Study} {work.Trial} to rung {work.Rung + 1}";
                _drain = await _store.AnnounceAsync(Describe(SiloActivity.Running, doing), CancellationToken.None);
                if (renewal == LeaseRenewal.PauseRequested || _drain == DrainRequest.Now)
                    pause.Cancel();
            }
            catch (StoreUnavailableException exception)
            {
                // Training goes on: if the lease runs out meanwhile, the fence will say so.
                services.Notify(new SiloNotice.StoreUnavailable(exception.Message, options.Heartbeat));
            }
            using var beat = new CancellationTokenSource();
            await Task.WhenAny(segment, Task.Delay(options.Heartbeat, _time, beat.Token));
            beat.Cancel();
            if (segment.IsCompleted)
                return true;
        }
    }

    private async Task<ReportAnswer?> ReportAsync(Assignment work, SegmentOutcome outcome, CancellationToken stop)
    {
        // Who could not run it pauses before it tries another.
        var next = outcome is SegmentOutcome.Released ? null : await NextAsync(work.Study, stop);
        var answer = await TellAsync(
            work, c => _coordinator.ReportAsync(work, outcome, stop.IsCancellationRequested ? null : next, c), stop);
        if (answer is { IsRecorded: true })
            await TryDeleteAsync(() => _sweep.PruneAsync(work.Study, answer.Superfluous, CancellationToken.None));
        else if (answer is not null)
            await TryDeleteAsync(() => _sweep.DropAsync(work, outcome, CancellationToken.None));
        return answer;
    }

    /// <summary>
    /// Returns what it asks for along with its report. Null if it has to leave or an earlier study may have work; it then asks, if at all,
    /// after the report.
    /// </summary>
    private async ValueTask<WorkRequest?> NextAsync(StudyId study, CancellationToken stop)
    {
        if (stop.IsCancellationRequested || _segments >= options.MaxTrials || study != _foremost)
            return null;
        try
        {
            _drain = await _store.AnnounceAsync(Describe(SiloActivity.Idle, ""), stop);
            return _drain == DrainRequest.None ? Request(wasTraining: true) : null;
        }
        catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>
    /// Brings a report into the ledger; into one that was damaged meanwhile nobody can, and the silo goes on with others.
    /// </summary>
    private async Task<T?> TellAsync<T>(Assignment work, Func<CancellationToken, ValueTask<T>> report, CancellationToken stop)
    {
        try
        {
            return await InsistAsync(report, stop);
        }
        catch (LedgerCorruptException exception)
        {
            SetAside(exception.Of(work.Study));
            return default;
        }
    }

    /// <summary>
    /// Brings a report into the ledger, however long the store refuses: finished work is only given up when the fence is. A silo that was
    /// told to stop has its grace, and then leaves the trial to whoever finds its lease expired; it returns null then.
    /// </summary>
    private async Task<T?> InsistAsync<T>(Func<CancellationToken, ValueTask<T>> report, CancellationToken stop)
    {
        using var giveUp = new CancellationTokenSource();
        await using var grace = _time.CreateTimer(_ => giveUp.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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
