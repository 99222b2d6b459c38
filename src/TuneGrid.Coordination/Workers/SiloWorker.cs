using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers.Calibration;

namespace TuneGrid.Coordination.Workers;

/// <summary>
/// One worker: it announces itself, asks each open study for work, trains one segment at a time and reports. All it knows is in the store,
/// so it may be killed at any moment. Every await stays on the caller's context, so that a simulation can own the order of everything.
/// </summary>
public sealed partial class SiloWorker(SiloDescription silo, WorkerServices services, WorkerOptions options)
{
    private static readonly TimeSpan FirstIdleDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestIdleDelay = TimeSpan.FromSeconds(1);
    private readonly IStudyStore _store = services.Store;
    private readonly IStudyCoordinator _coordinator = services.Coordinator;
    private readonly TimeProvider _time = services.Time;
    private readonly StoreRetry _retry = new(services.Time, options.Seed, services.Notify);
    private readonly ArtifactSweep _sweep = new(services.Store, services.Artifacts, services.Planner, services.OwnsArtifacts);
    private readonly Calibrator _calibrator = new(services.Probe);
    private readonly BrokenStudies _broken = new(services.Time);
    private StudyId? _foremost;
    private LeaseToken? _token;
    private DrainRequest _drain;
    private int _segments;
    private bool _wasTraining = true;
    private bool _isOver;
    private long _announcedAt;
    private TimeSpan _idleDelay;
    private string _idleReason = "";
    private GivenBack? _givenBack;

    /// <summary>
    /// Works until told to stop, drained, out of work or done, and returns which. Leaves the store's list of silos on the way out.
    /// </summary>
    /// <exception cref="StoreUnusableException">The store can't be used at all.</exception>
    /// <exception cref="SiloUnfitException">It could not run several segments in a row.</exception>
    /// <exception cref="LedgerCorruptException">The ledger of the only study that it serves is damaged.</exception>
    public async Task<SiloExit> RunAsync(CancellationToken stop)
    {
        try
        {
            return await WorkAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return SiloExit.Stopped;
        }
        finally
        {
            await DepartAsync();
        }
    }

    private async Task<SiloExit> WorkAsync(CancellationToken stop)
    {
        await _calibrator.StartAsync();
        long cursor = 0;
        var idleSince = _time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            if (await IsDrainedAsync(stop))
                return SiloExit.Drained;
            if (_segments >= options.MaxTrials)
                return SiloExit.MaxTrials;
            if (await FindWorkAsync(stop) is { } found)
            {
                for (Assignment? work = found; work is not null; work = await TrainAsync(work, stop))
                    _segments++;
                (idleSince, _wasTraining, _idleDelay) = (_time.GetTimestamp(), true, TimeSpan.Zero);
                if (_givenBack is { } given)
                    await BackOffAsync(given, stop);
                continue;
            }
            _wasTraining = false;
            NoticeIdle();
            if (_isOver)
                return SiloExit.StudyOver;
            if (options.IdleExit is { } limit && _time.GetElapsedTime(idleSince) >= limit)
                return SiloExit.Idle;
            cursor = await IdleAsync(cursor, stop);
        }
        return SiloExit.Stopped;
    }

    /// <summary>
    /// Waits for a change. After a quiet while the first one wakes the silo at once; while others keep writing and none of it is work, it
    /// looks less and less often, down to once a second: else every report of a large fleet would wake all that is idle in it.
    /// </summary>
    private async Task<long> IdleAsync(long cursor, CancellationToken stop)
    {
        var since = _time.GetTimestamp();
        if (_idleDelay > TimeSpan.Zero)
            await Task.Delay(_idleDelay, _time, stop);
        cursor = await _retry.RunAsync(c => _coordinator.WaitAsync(cursor, options.Poll, c), stop);
        var next = _idleDelay > TimeSpan.Zero ? _idleDelay * 2 : FirstIdleDelay;
        var wasQuiet = _time.GetElapsedTime(since) > LongestIdleDelay + FirstIdleDelay;
        _idleDelay = wasQuiet ? TimeSpan.Zero : next < LongestIdleDelay ? next : LongestIdleDelay;
        return cursor;
    }

    /// <summary>Waits after a segment that it could not run, longer each time in a row, and stays alive for the others.</summary>
    private async Task BackOffAsync(GivenBack given, CancellationToken stop)
    {
        var (reason, work, inARow) = given;
        if (inARow >= SegmentFaults.MostInARow)
        {
            throw new SiloUnfitException(
                $"this silo could not run {inARow} segments in a row, the last of {work.Study} {work.Trial}: {reason}; nothing is lost: "
                    + $"mend that and go on, or skip the trial with: tunegrid cancel {work.Study} {work.Trial}");
        }
        var until = SegmentFaults.PauseAfterReleases(inARow);
        _idleReason = $"could not run {work.Study} {work.Trial}: {reason}; trying again soon";
        services.Notify(new SiloNotice.BacksOff(work, reason, until));
        for (var began = _time.GetTimestamp(); _time.GetElapsedTime(began) is var waited && waited < until;)
        {
            _wasTraining = true;
            if (await IsDrainedAsync(stop))
                return;
            await Task.Delay(until - waited < options.Heartbeat ? until - waited : options.Heartbeat, _time, stop);
        }
    }

    /// <summary>Tells once why it has nothing to do though there is work; nothing to tell while others do it all.</summary>
    private void NoticeIdle()
    {
        var reason = _refusals.FirstOrDefault() ?? "";
        if (reason.Length > 0 && reason != _idleReason)
            services.Notify(new SiloNotice.IdleBesideWork(reason));
        _idleReason = reason;
    }

    /// <summary>Says that it is idle, and hears whether it should leave. Idle silos are woken by every change, so not each time.</summary>
    private async Task<bool> IsDrainedAsync(CancellationToken stop)
    {
        if (!_wasTraining && _time.GetElapsedTime(_announcedAt) < options.Heartbeat)
            return _drain != DrainRequest.None;
        _announcedAt = _time.GetTimestamp();
        _drain = await _retry.RunAsync(c => _store.AnnounceAsync(Describe(SiloActivity.Idle, ""), c), stop);
        return _drain != DrainRequest.None;
    }

    private WorkRequest Request(bool wasTraining) => new(silo, wasTraining, _token ??= services.DrawToken());

    /// <summary>It has a lease under its token: the next one gets another.</summary>
    private Assignment? Taken(Assignment? work)
    {
        if (work is not null)
            _token = null;
        return work;
    }

    private SiloDescription Describe(SiloActivity activity, string doing) =>
        silo with
        {
            Status = activity, Doing = doing, Speed = _calibrator.Speed, IdleReason = activity == SiloActivity.Idle ? _idleReason : "",
        };

    private async Task DepartAsync()
    {
        using var grace = new CancellationTokenSource(options.Grace, _time);
        try
        {
            await _store.DepartAsync(silo.Id, grace.Token);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreUnusableException or OperationCanceledException)
        {
            // The row grows old by itself.
        }
    }

    /// <summary>Segments that it could not run, since the last one that it could.</summary>
    private sealed record GivenBack(string Reason, Assignment Work, int InARow);
}
