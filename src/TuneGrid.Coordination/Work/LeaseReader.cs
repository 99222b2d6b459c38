using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;

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

    /// <summary>
    /// Returns the leases; as expired those of silos known to be dead, and those that the ledger has granted and the store has lost: nobody
    /// can renew them, and nobody would ever find them run out. Null if they were read a moment ago.
    /// </summary>
    /// <param name="state">As it was before this call: a lease that is granted meanwhile is not missed.</param>
    public async ValueTask<IReadOnlyList<Lease>?> ReadAsync(StudyState state, CancellationToken cancellation)
    {
        var interval = options.Heartbeat * Math.Max(1, (double)state.Classes.Sum(c => c.Running.Count) / TrialsPerHeartbeat);
        if (_readAt is { } readAt && time.GetElapsedTime(readAt) < interval)
            return null;
        _readAt = time.GetTimestamp();
        var granted = Granted(state);
        var leases = await store.LeasesAsync(state.Id, cancellation);
        foreach (var lease in leases)
            granted.Remove(lease.Fence);
        return [.. leases.Select(l => fleet.IsGone(l.Silo) ? l with { IsExpired = true } : l), .. granted.Values];
    }

    private static Dictionary<Fence, Lease> Granted(StudyState state) => state.Classes.SelectMany(c => c.Running)
        .Select(id => (Id: id, Phase: (TrialPhase.Running)state.Trial(id).Phase))
        .ToDictionary(t => t.Phase.Fence, t => new Lease(t.Id, t.Phase.Fence, t.Phase.Silo, DateTimeOffset.MinValue, true, null));

    /// <summary>Reads them anew at the next question.</summary>
    public void Forget() => _readAt = null;
}
