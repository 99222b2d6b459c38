using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers.Calibration;

namespace TuneGrid.Coordination.Workers;

/// <summary>
/// One worker: it announces itself, asks each open study for work, trains one segment at a time and reports. All it knows is in the store, so it may be
/// killed at any moment. Every await stays on the caller's context, so that a simulation can own the order of everything.
/// </summary>
/// <param name="desk">Where it asks for work and reports; null asks the ledger itself.</param>
/// <param name="probe">What the silo calibrates itself with; without one no segment is ever called disturbed.</param>
/// <param name="notify">Called on the loop's own context for everything worth showing; must not throw.</param>
public sealed partial class SiloLoop(
    SiloDescription silo, IStudyStore store, IArtifactStore artifacts, ISegmentRunner runner, SearchPlanner planner,
    WorkerOptions options, TimeProvider time, Action<SiloNotice>? notify = null, IWorkDesk? desk = null, ISpeedProbe? probe = null)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private readonly IWorkDesk _desk = desk ?? new LedgerDesk(store, planner, options, time, runner.CanRun);
    private readonly HashSet<StudyId> _broken = [];
    private StudyId? _foremost;
    private readonly StoreRetry _retry = new(time, options.Seed, notify ?? (_ => { }));
    private readonly Action<SiloNotice> _notify = notify ?? (_ => { });
    private readonly SiloCalibration _calibration = new(probe);
    private int _segments;
    private bool _wasTraining = true;
    private bool _isOver;
    private long _announcedAt;
    private TimeSpan _pause;

    /// <summary>Works until told to stop, drained, out of work or done. Leaves the store's list of silos on the way out.</summary>
    /// <exception cref="StoreUnusableException">The store can't be used at all.</exception>
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
        await _calibration.StartAsync();
        long cursor = 0;
        var idleSince = time.GetTimestamp();
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
                (idleSince, _wasTraining, _pause) = (time.GetTimestamp(), true, TimeSpan.Zero);
                continue;
            }
            _wasTraining = false;
            if (_isOver)
                return SiloExit.StudyOver;
            if (options.IdleExit is { } limit && time.GetElapsedTime(idleSince) >= limit)
                return SiloExit.Idle;
            cursor = await IdleAsync(cursor, stop);
        }
        return SiloExit.Stopped;
    }

    /// <summary>
    /// Waits for a change. After a quiet while the first one wakes the silo at once; while others keep writing and none of it is work, it looks less and less often,
    /// down to once a second: else every report of a large fleet would wake all that is idle in it.
    /// </summary>
    private async Task<long> IdleAsync(long cursor, CancellationToken stop)
    {
        var since = time.GetTimestamp();
        if (_pause > TimeSpan.Zero)
            await Task.Delay(_pause, time, stop);
        cursor = await _retry.RunAsync(c => _desk.WaitAsync(cursor, options.Poll, c), stop);
        var next = _pause > TimeSpan.Zero ? _pause * 2 : FirstPause;
        _pause = time.GetElapsedTime(since) > LongestPause + FirstPause ? TimeSpan.Zero : next < LongestPause ? next : LongestPause;
        return cursor;
    }

    /// <summary>Says that it is idle, and hears whether it should leave. Idle silos are woken by every change, so not each time.</summary>
    private async Task<bool> IsDrainedAsync(CancellationToken stop)
    {
        if (!_wasTraining && time.GetElapsedTime(_announcedAt) < options.Heartbeat)
            return false;
        _announcedAt = time.GetTimestamp();
        return await _retry.RunAsync(c => store.AnnounceAsync(Myself(SiloActivity.Idle, ""), c), stop);
    }

    private SiloDescription Myself(SiloActivity status, string doing) => silo with { Status = status, Doing = doing, Speed = _calibration.Speed };

    private async Task DepartAsync()
    {
        using var grace = new CancellationTokenSource(options.Grace, time);
        try
        {
            await store.DepartAsync(silo.Id, grace.Token);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreUnusableException or OperationCanceledException)
        {
            // The row grows old by itself.
        }
    }
}
