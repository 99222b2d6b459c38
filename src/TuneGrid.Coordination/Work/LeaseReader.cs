using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;

namespace TuneGrid.Coordination.Work;

/// <summary>
/// Reads the leases of one study, no more often than is worth it: reading every lease for every segment would cost a large fleet dearly,
/// and a lost silo is noticed late enough anyway.
/// </summary>
internal sealed class LeaseReader(IStudyStore store, WorkerOptions options, TimeProvider time, IFleet fleet)
{
    // With up to so many running trials all leases are read once a heartbeat, with more of them less often: it costs each trial the same.
    private const int TrialsPerHeartbeat = 32;

    private long? _readAt;

    /// <summary>Returns the leases, those of silos known to be dead as expired; null if they were read a moment ago.</summary>
    public async ValueTask<IReadOnlyList<Lease>?> ReadAsync(StudyState state, CancellationToken cancellation)
    {
        var interval = options.Heartbeat * Math.Max(1, (double)state.Classes.Sum(c => c.Running.Count) / TrialsPerHeartbeat);
        if (_readAt is { } readAt && time.GetElapsedTime(readAt) < interval)
            return null;
        _readAt = time.GetTimestamp();
        var leases = await store.LeasesAsync(state.Id, cancellation);
        return [.. leases.Select(l => fleet.IsGone(l.Silo) ? l with { IsExpired = true } : l)];
    }

    /// <summary>Reads them anew at the next question.</summary>
    public void Forget() => _readAt = null;
}
