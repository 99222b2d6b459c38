using TuneGrid.Coordination.Ledger;
using TuneGrid.Search.Randomness;

namespace TuneGrid.Simulation.Tables;

/// <summary>Who comes and goes, and the leases of those that went. Seeded: the same search has the same churn.</summary>
internal sealed class ReplayChurn(ReplayOptions options)
{
    /// <summary>As long as a real silo's lease lasts without a word from it.</summary>
    public static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(30);

    private readonly List<(Lease Lease, double ExpiresAt)> _abandoned = [];
    private readonly Queue<int> _free = new(Enumerable.Range(0, options.Workers));
    private readonly Dictionary<ReplaySilo, int> _places = new(ReferenceEqualityComparer.Instance);
    private ulong _draws;
    private int _names;

    /// <summary>Returns a new silo for the place that has been empty for longest. Every third place is a slow machine.</summary>
    public ReplaySilo Next()
    {
        var place = _free.Dequeue();
        var silo = new ReplaySilo(new(FormattableString.Invariant($"silo{_names++}")), place % 3 == 2 ? options.SlowSpeed : 1);
        _places.Add(silo, place);
        return silo;
    }

    /// <summary>Returns the silo that goes now; null if one comes. Between half of the fleet and all of it are there.</summary>
    public ReplaySilo? Leaving(IReadOnlyList<ReplaySilo> silos)
    {
        var isFull = silos.Count == options.Workers;
        var isHalf = silos.Count <= options.Workers / 2;
        if (!isFull && (isHalf || Draw() % 2 == 0))
            return null;
        var leaving = silos[(int)(Draw() % (ulong)silos.Count)];
        _free.Enqueue(_places[leaving]);
        _places.Remove(leaving);
        return leaving;
    }

    /// <summary>Returns when the lease of a silo that went runs out, in virtual seconds.</summary>
    public double Abandon(ReplaySilo silo, ReplaySegment work, double now)
    {
        var at = now + TimeToLive.TotalSeconds;
        var lease = new Lease(work.Trial, work.Fence, silo.Id, DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(at), true, null);
        _abandoned.Add((lease, at));
        return at;
    }

    /// <summary>Returns the leases that have run out.</summary>
    public IReadOnlyList<Lease> Expired(double now) =>
        _abandoned.Count == 0 ? [] : [.. _abandoned.Where(a => a.ExpiresAt <= now).Select(a => a.Lease)];

    /// <summary>Forgets the leases that the ledger has taken back.</summary>
    public void Release(IReadOnlyList<LeaseChange> changes)
    {
        foreach (var change in changes.OfType<LeaseChange.Release>())
            _abandoned.RemoveAll(a => a.Lease.Trial == change.Trial);
    }

    private ulong Draw() => SplitMix64.At(options.Seed ^ 0xC4124, _draws++);
}
