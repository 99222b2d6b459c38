using TuneGrid.Coordination;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Simulation.Stores;

/// <summary>
/// A store that lives and dies with its process: for tests and simulations. Everything it keeps has gone through the JSON form once.
/// </summary>
public sealed class InMemoryStudyStore(TimeProvider time) : IStudyStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StudyId, List<RecordedEvent>> _ledgers = [];
    private readonly List<StudySummary> _summaries = [];
    // In the order in which they are listed: a large fleet lists them often.
    private readonly Dictionary<StudyId, SortedDictionary<TrialId, Row>> _leases = [];
    private readonly SortedDictionary<SiloId, SiloRow> _silos =
        new(Comparer<SiloId>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value)));
    private TaskCompletionSource _changed = new();
    private long _version;

    private sealed record Row(Fence Fence, SiloId Silo, DateTimeOffset ExpiresAt, SegmentProgress? Progress, bool IsToPause = false);

    public ValueTask<bool> TryAppendAsync(Commit commit, CancellationToken cancellation)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            var ledger = _ledgers.GetValueOrDefault(commit.Study) ?? [];
            if (ledger.Count != commit.ExpectedSequence)
                return new(false);
            foreach (var change in commit.Events)
                ledger.Add(EventJson.Read(ledger.Count + 1, EventJson.Write(change)));
            _ledgers[commit.Study] = ledger;
            Change(commit);
            _version++;
            (changed, _changed) = (_changed, new());
        }
        changed.SetResult();
        return new(true);
    }

    public ValueTask<IReadOnlyList<RecordedEvent>> ReadAsync(StudyId study, long afterSequence, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var ledger = _ledgers.GetValueOrDefault(study);
            return new(ledger is null || afterSequence >= ledger.Count
                ? []
                : ledger.GetRange((int)afterSequence, ledger.Count - (int)afterSequence));
        }
    }

    public ValueTask<StudyList> ListAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return new(new StudyList([.. _summaries], []));
    }

    public ValueTask<IReadOnlyList<Lease>> LeasesAsync(StudyId study, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return new(_leases.TryGetValue(study, out var rows)
                ? [.. rows.Select(
                    r => new Lease(r.Key, r.Value.Fence, r.Value.Silo, r.Value.ExpiresAt, r.Value.ExpiresAt <= now, r.Value.Progress))]
                : []);
        }
    }

    public ValueTask<LeaseRenewal> RenewAsync(
        StudyId study, TrialId trial, Fence fence, TimeSpan timeToLive, SegmentProgress? progress, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (!_leases.TryGetValue(study, out var rows) || !rows.TryGetValue(trial, out var row)
                || row.Fence != fence || row.ExpiresAt <= now)
                return new(LeaseRenewal.Lost);
            rows[trial] = row with { ExpiresAt = now + timeToLive, Progress = progress ?? row.Progress };
            return new(row.IsToPause ? LeaseRenewal.PauseRequested : LeaseRenewal.Held);
        }
    }

    public ValueTask<DrainRequest> AnnounceAsync(SiloDescription silo, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var drain = _silos.GetValueOrDefault(silo.Id)?.Drain ?? DrainRequest.None;
            _silos[silo.Id] = new(silo, time.GetUtcNow(), drain);
            return new(drain);
        }
    }

    public ValueTask DepartAsync(SiloId silo, CancellationToken cancellation)
    {
        lock (_gate)
            _silos.Remove(silo);
        return default;
    }

    public ValueTask<IReadOnlyList<SiloRow>> SilosAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return new([.. _silos.Values]);
    }

    public ValueTask<bool> RequestDrainAsync(SiloId silo, DrainRequest request, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_silos.TryGetValue(silo, out var row))
                return new(false);
            _silos[silo] = row with { Drain = request > row.Drain ? request : row.Drain };
            return new(true);
        }
    }

    public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellation) => new(time.GetUtcNow());

    public async ValueTask<long> WaitForChangeAsync(long cursor, TimeSpan timeout, CancellationToken cancellation)
    {
        Task changed;
        lock (_gate)
        {
            if (_version > cursor)
                return _version;
            changed = _changed.Task;
        }
        try
        {
            await changed.WaitAsync(timeout, time, cancellation);
        }
        catch (TimeoutException)
        {
            // Nothing changed: the cursor says so.
        }
        // The one who appended woke us on its own stack; on a simulation's context a thread-pool hop would lose the order of events.
        await Task.Yield();
        lock (_gate)
            return _version;
    }

    public ValueTask DisposeAsync() => default;

    private void Change(Commit commit)
    {
        if (!_leases.TryGetValue(commit.Study, out var rows))
            _leases.Add(commit.Study, rows = []);
        foreach (var change in commit.Leases)
        {
            if (change is LeaseChange.Grant grant)
                rows[grant.Trial] = new(grant.Fence, grant.Silo, time.GetUtcNow() + grant.TimeToLive, null);
            else if (change is LeaseChange.Release)
                rows.Remove(change.Trial);
            else if (rows.TryGetValue(change.Trial, out var row))
                rows[change.Trial] = row with { IsToPause = true };
        }
        var summary = EventJson.ReadSummary(EventJson.WriteSummary(commit.Summary))!;
        var known = _summaries.FindIndex(s => s.Id == commit.Study);
        if (known < 0)
            _summaries.Add(summary);
        else
            _summaries[known] = summary;
    }
}
