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
            Fold(recorded);
        return state.Sequence > 0;
    }

    /// <summary>
    /// Takes a turn: folds in what others appended, asks what follows from <see cref="State"/> at the store's time, appends that and folds it in too. False if
    /// nothing follows. The question may be asked again; its last answer is the one that counts.
    /// </summary>
    public async ValueTask<bool> TakeTurnAsync(
        Func<DateTimeOffset, (IReadOnlyList<StudyEvent> Events, IReadOnlyList<LeaseChange> Leases)?> decide, CancellationToken cancellation)
    {
        IReadOnlyList<StudyEvent> mine = [];
        if (!await store.TakeTurnAsync(state.Id, _read, Decide, cancellation))
            return false;
        foreach (var change in mine)
            Fold(new(_read + 1, change));
        return true;

        Commit? Decide(IReadOnlyList<RecordedEvent> missed, DateTimeOffset now)
        {
            foreach (var recorded in missed)
                Fold(recorded);
            if (decide(now) is not { } answer)
                return null;
            mine = answer.Events;
            return new(state.Id, _read, answer.Events, answer.Leases, state.SummaryAfter(answer.Events));
        }
    }

    private void Fold(RecordedEvent recorded)
    {
        if (recorded.Sequence > state.Sequence)
            state.Apply(recorded);
        _read = Math.Max(_read, recorded.Sequence);
    }
}
