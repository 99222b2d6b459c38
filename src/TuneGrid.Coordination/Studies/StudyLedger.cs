using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Coordination.Studies;

/// <summary>A study's state kept up with its ledger, and the way to append to it. Not thread-safe.</summary>
/// <param name="begin">The state that the ledger is folded into. Ledgers of one thread may share one: each reads for itself and remembers how far it has read.</param>
public sealed class StudyLedger(IStudyStore store, Func<StudyState> begin)
{
    private StudyState _state = begin();
    private long? _read;

    public StudyLedger(IStudyStore store, StudyId id, SearchPlanner planner)
        : this(store, () => new StudyState(id, planner))
    {
    }

    public StudyState State => _state;

    private long Read => _read ??= _state.Sequence;

    /// <summary>Folds in what others appended. False if the study is unknown.</summary>
    /// <exception cref="LedgerCorruptException">The ledger is damaged.</exception>
    public async ValueTask<bool> RefreshAsync(CancellationToken cancellation)
    {
        foreach (var recorded in await store.ReadAsync(_state.Id, Read, cancellation))
            Fold(recorded);
        return _state.Sequence > 0;
    }

    /// <summary>
    /// Takes a turn: folds in what others appended, lets <paramref name="decide"/> add what follows from <see cref="State"/>, and appends that. False if it added
    /// nothing. It may be asked again; what counts is what it added the last time.
    /// </summary>
    public async ValueTask<bool> TakeTurnAsync(Action<StudyTurn> decide, CancellationToken cancellation)
    {
        while (true)
        {
            StudyTurn? turn = null;
            try
            {
                if (await store.TakeTurnAsync(_state.Id, Read, Decide, cancellation))
                {
                    _read = Read + turn!.Events.Count;
                    turn = null;
                    return true;
                }
                if (turn is not { IsEmpty: false })
                    return false;
            }
            finally
            {
                // It was folded ahead and has not happened, or nobody knows.
                if (turn is { IsEmpty: false })
                    StartOver();
            }

            Commit? Decide(IReadOnlyList<RecordedEvent> missed, DateTimeOffset now)
            {
                // Somebody appended past the queue, and the state is ahead of what is missed.
                if (turn is { IsEmpty: false })
                    return null;
                foreach (var recorded in missed)
                    Fold(recorded);
                turn = new(_state, now);
                decide(turn);
                return turn.IsEmpty ? null : new(_state.Id, Read, turn.Events, turn.Leases, _state.Summary);
            }
        }
    }

    /// <summary>A state can't unlearn an event: the ledger tells it again from the first.</summary>
    private void StartOver() => (_state, _read) = (begin(), null);

    private void Fold(RecordedEvent recorded)
    {
        var read = Math.Max(Read, recorded.Sequence);
        if (recorded.Sequence > _state.Sequence)
            _state.Apply(recorded);
        _read = read;
    }
}
