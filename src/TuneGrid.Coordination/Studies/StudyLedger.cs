using TuneGrid.Coordination.Ports;

namespace TuneGrid.Coordination.Studies;

/// <summary>A study's state kept up with its ledger, and the way to append to it. Not thread-safe.</summary>
public sealed class StudyLedger(IStudyStore store, StudyId id, SearchPlanner planner)
{
    public StudyState State { get; } = new(id, planner);

    /// <summary>Folds in what others appended. False if the study is unknown.</summary>
    /// <exception cref="LedgerCorruptException">The ledger is damaged.</exception>
    public async ValueTask<bool> RefreshAsync(CancellationToken cancellation)
    {
        foreach (var recorded in await store.ReadAsync(id, State.Sequence, cancellation))
            State.Apply(recorded);
        return State.Sequence > 0;
    }

    /// <summary>Appends after the last event folded in, and folds it in too. False if somebody else was first: refresh and decide again.</summary>
    public async ValueTask<bool> TryAppendAsync(IReadOnlyList<StudyEvent> events, IReadOnlyList<LeaseChange> leases, CancellationToken cancellation)
    {
        var expected = State.Sequence;
        if (!await store.TryAppendAsync(new(id, expected, events, leases, State.SummaryAfter(events)), cancellation))
            return false;
        for (var i = 0; i < events.Count; i++)
            State.Apply(new(expected + i + 1, events[i]));
        return true;
    }
}
