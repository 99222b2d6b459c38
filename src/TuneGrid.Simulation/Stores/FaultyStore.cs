using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Simulation.Stores;

/// <summary>
/// The store as one machine sees it: calls are lost before or after they are applied, late, doubled, applied long after they were given up,
/// or refused for minutes.
/// </summary>
internal sealed class FaultyStore(IStudyStore inner, Machine machine) : IStudyStore
{
    private readonly Faults _faults = machine.Faults;

    public ValueTask<bool> TryAppendAsync(Commit commit, CancellationToken cancellation) =>
        CallAsync(() => inner.TryAppendAsync(commit, cancellation));

    public ValueTask<IReadOnlyList<RecordedEvent>> ReadAsync(StudyId study, long afterSequence, CancellationToken cancellation)
        => CallAsync(() => inner.ReadAsync(study, afterSequence, cancellation));

    public ValueTask<StudyList> ListAsync(CancellationToken cancellation) =>
        CallAsync(() => inner.ListAsync(cancellation));

    public ValueTask<IReadOnlyList<Lease>> LeasesAsync(StudyId study, CancellationToken cancellation) =>
        CallAsync(() => inner.LeasesAsync(study, cancellation));

    public ValueTask<LeaseRenewal> RenewAsync(
        StudyId study, TrialId trial, Fence fence, TimeSpan timeToLive, SegmentProgress? progress, CancellationToken cancellation)
        => CallAsync(() => inner.RenewAsync(study, trial, fence, timeToLive, progress, cancellation));

    public ValueTask<DrainRequest> AnnounceAsync(SiloDescription silo, CancellationToken cancellation) =>
        CallAsync(() => inner.AnnounceAsync(silo, cancellation));

    public async ValueTask DepartAsync(SiloId silo, CancellationToken cancellation) => await CallAsync(async () =>
    {
        await inner.DepartAsync(silo, cancellation);
        return true;
    });

    public ValueTask<IReadOnlyList<SiloRow>> SilosAsync(CancellationToken cancellation) => CallAsync(() => inner.SilosAsync(cancellation));

    public ValueTask<bool> RequestDrainAsync(SiloId silo, DrainRequest request, CancellationToken cancellation) =>
        CallAsync(() => inner.RequestDrainAsync(silo, request, cancellation));

    public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellation) => CallAsync(() => inner.NowAsync(cancellation));

    public ValueTask<long> WaitForChangeAsync(long cursor, TimeSpan timeout, CancellationToken cancellation)
        => CallAsync(() => inner.WaitForChangeAsync(cursor, timeout, cancellation));

    public ValueTask DisposeAsync() => default;

    private async ValueTask<T> CallAsync<T>(Func<ValueTask<T>> call)
    {
        await machine.LiveAsync();
        await _faults.DelayAsync(0.02);
        if (_faults.StoreRefuses || _faults.Happens(0.02))
            throw _faults.Unavailable();
        if (_faults.Happens(0.02))
            await _faults.DelayAsync(20);
        if (_faults.Happens(0.01))
        {
            _ = LaterAsync(call);
            throw _faults.Unavailable();
        }
        var answer = await call();
        if (_faults.Happens(0.02))
            answer = await call();
        if (_faults.Happens(0.02))
            throw _faults.Unavailable();
        await machine.LiveAsync();
        return answer;
    }

    private async Task LaterAsync<T>(Func<ValueTask<T>> call)
    {
        await _faults.DelayAsync(60);
        await call();
    }
}
