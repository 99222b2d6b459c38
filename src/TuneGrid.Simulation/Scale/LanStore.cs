using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Simulation.Scale;

/// <summary>What a fleet asked of its store. Waiting for a change is no operation: the store speaks then.</summary>
internal sealed class StoreCounts
{
    public long Appends { get; set; }

    /// <summary>How long writers queued for their turns, all together.</summary>
    public TimeSpan Waited { get; set; }

    public long Reads { get; set; }

    /// <summary>Events that reads brought: each is sent over the network and folded by whoever read it.</summary>
    public long EventsRead { get; set; }

    public long Heartbeats { get; set; }

    public long Others { get; set; }

    /// <summary>Rows that lists of leases and silos brought.</summary>
    public long Rows { get; set; }

    public long Operations => Appends + Reads + Heartbeats + Others;
}

/// <summary>
/// A store on the local network: each call takes about a millisecond, half on the way there and half on the way back. Nothing goes wrong.
/// </summary>
internal sealed class LanStore(IStudyStore inner, StoreCounts counts, Random random, VirtualTime time) : IStudyStore
{
    private const double MostSecondsEachWay = 1e-3;
    private Task _turn = Task.CompletedTask;

    public ValueTask<bool> TryAppendAsync(Commit commit, CancellationToken cancellation)
    {
        counts.Appends++;
        return CallAsync(() => inner.TryAppendAsync(commit, cancellation));
    }

    /// <summary>
    /// One after the other, as on PostgreSQL: whoever has its turn keeps it while what it missed travels to it and what it decided travels
    /// back.
    /// </summary>
    public async ValueTask<bool> TakeTurnAsync(StudyId study, long afterSequence, TurnDecision decide, CancellationToken cancellation)
    {
        counts.Reads++;
        counts.Appends++;
        await WayAsync();
        var (before, over) = (_turn, new TaskCompletionSource());
        _turn = over.Task;
        var queued = time.Elapsed;
        await before;
        counts.Waited += time.Elapsed - queued;
        await WayAsync();
        await WayAsync();
        var appended = await inner.TakeTurnAsync(study, afterSequence, Decide, cancellation);
        over.SetResult();
        await WayAsync();
        return appended;

        Commit? Decide(IReadOnlyList<RecordedEvent> missed, DateTimeOffset now)
        {
            counts.EventsRead += missed.Count;
            return decide(missed, now);
        }
    }

    public async ValueTask<IReadOnlyList<RecordedEvent>> ReadAsync(StudyId study, long afterSequence, CancellationToken cancellation)
    {
        counts.Reads++;
        var events = await CallAsync(() => inner.ReadAsync(study, afterSequence, cancellation));
        counts.EventsRead += events.Count;
        return events;
    }

    public ValueTask<StudyList> ListAsync(CancellationToken cancellation) =>
        OtherAsync(() => inner.ListAsync(cancellation));

    public async ValueTask<IReadOnlyList<Lease>> LeasesAsync(StudyId study, CancellationToken cancellation)
    {
        var leases = await OtherAsync(() => inner.LeasesAsync(study, cancellation));
        counts.Rows += leases.Count;
        return leases;
    }

    public ValueTask<LeaseRenewal> RenewAsync(
        StudyId study, TrialId trial, Fence fence, TimeSpan timeToLive, SegmentProgress? progress, CancellationToken cancellation)
        => HeartbeatAsync(() => inner.RenewAsync(study, trial, fence, timeToLive, progress, cancellation));

    public ValueTask<DrainRequest> AnnounceAsync(SiloDescription silo, CancellationToken cancellation) =>
        HeartbeatAsync(() => inner.AnnounceAsync(silo, cancellation));

    public ValueTask DepartAsync(SiloId silo, CancellationToken cancellation) => inner.DepartAsync(silo, cancellation);

    public async ValueTask<IReadOnlyList<SiloRow>> SilosAsync(CancellationToken cancellation)
    {
        var silos = await OtherAsync(() => inner.SilosAsync(cancellation));
        counts.Rows += silos.Count;
        return silos;
    }

    public ValueTask<bool> RequestDrainAsync(SiloId silo, DrainRequest request, CancellationToken cancellation) =>
        OtherAsync(() => inner.RequestDrainAsync(silo, request, cancellation));

    public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellation) => OtherAsync(() => inner.NowAsync(cancellation));

    public ValueTask<long> WaitForChangeAsync(long cursor, TimeSpan timeout, CancellationToken cancellation) =>
        inner.WaitForChangeAsync(cursor, timeout, cancellation);

    public ValueTask DisposeAsync() => default;

    private ValueTask<T> OtherAsync<T>(Func<ValueTask<T>> call)
    {
        counts.Others++;
        return CallAsync(call);
    }

    private ValueTask<T> HeartbeatAsync<T>(Func<ValueTask<T>> call)
    {
        counts.Heartbeats++;
        return CallAsync(call);
    }

    private async ValueTask<T> CallAsync<T>(Func<ValueTask<T>> call)
    {
        await WayAsync();
        var answer = await call();
        await WayAsync();
        return answer;
    }

    private Task WayAsync() => time.DelayAsync(TimeSpan.FromSeconds(random.NextDouble() * MostSecondsEachWay));
}
