using TuneGrid.Coordination.Ports;

namespace TuneGrid.Coordination.Studies;

/// <summary>A study's state kept up with its ledger, and the way to append to it. Not thread-safe.</summary>
/// <param name="state">What is folded so far. Ledgers of one thread may share it: each reads for itself and remembers how far it has read.</param>
public sealed class StudyLedger(IStudyStore store, StudyState state)
{
    private long _read = state.Sequence;

    public StudyLedger(IStudyStore store, StudyId id, SearchPlanner planner)
        : this(store, new StudyState(id, planner))
    {
    }

    public StudyState State => state;

    /// <summary>Folds in what others appended. False if the study is unknown.</summary>
    /// <exception cref="LedgerCorruptException">The ledger is damaged.</exception>
    public async ValueTask<bool> RefreshAsync(CancellationToken cancellation)
    {
        foreach (var recorded in await store.ReadAsync(state.Id, _read, cancellation))
        {
            if (recorded.Sequence > state.Sequence)
                state.Apply(recorded);
            _read = Math.Max(_read, recorded.Sequence);
        }
        return state.Sequence > 0;
    }

    /// <summary>Appends after the last event read, and folds it in too. False if somebody else was first: refresh and decide again.</summary>
    public async ValueTask<bool> TryAppendAsync(IReadOnlyList<StudyEvent> events, IReadOnlyList<LeaseChange> leases, CancellationToken cancellation)
    {
        var expected = _read;
        if (!await store.TryAppendAsync(new(state.Id, expected, events, leases, state.SummaryAfter(events)), cancellation))
            return false;
        for (var i = 0; i < events.Count; i++)
        {
            if (expected + i + 1 > state.Sequence)
                state.Apply(new(expected + i + 1, events[i]));
        }
        _read = Math.Max(_read, expected + events.Count);
        return true;
    }
}
