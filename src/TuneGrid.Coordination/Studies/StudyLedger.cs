using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Coordination.Studies;

/// <summary>A study's state kept up with its ledger, and the way to append to it. Not thread-safe.</summary>
/// <param name="begin">
/// The state that the ledger is folded into. Ledgers of one thread may share one: each reads for itself and remembers how far it has read.
/// </param>
internal sealed class StudyLedger(IStudyStore store, Func<StudyState> begin)
{
    private StudyState _state = begin();
    private long? _readUpTo;

    /// <summary>Starts with an empty state.</summary>
    public StudyLedger(IStudyStore store, StudyId id, SearchPlanner planner)
        : this(store, () => new StudyState(id, planner))
    {
    }

    /// <summary>The study as far as it was read.</summary>
    public StudyState State => _state;

    /// <summary>The last sequence this ledger has read; the state may be further when others share it.</summary>
    private long ReadUpTo => _readUpTo ??= _state.Sequence;

    /// <summary>Folds in what others appended. Returns false if the study is unknown.</summary>
    /// <exception cref="LedgerCorruptException">The ledger is damaged.</exception>
    public async ValueTask<bool> RefreshAsync(CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        return _state.Sequence > 0;
    }

    /// <summary>Folds in what others appended, and returns it.</summary>
    /// <exception cref="LedgerCorruptException">The ledger is damaged.</exception>
    public async ValueTask<IReadOnlyList<RecordedEvent>> CatchUpAsync(CancellationToken cancellation)
    {
        try
        {
            var news = await store.ReadAsync(_state.Id, ReadUpTo, cancellation);
            foreach (var recorded in news)
                Fold(recorded);
            return news;
        }
        catch (LedgerCorruptException fault)
        {
            // Somebody may mend it while this process runs.
            StartOver();
            throw fault.Of(_state.Id);
        }
    }

    /// <summary>
    /// Takes a turn: folds in what others appended, lets <paramref name="decide"/> add what follows from <see cref="State"/>, appends that,
    /// and returns the decision. It may be asked again; what counts is what it decided the last time.
    /// </summary>
    /// <param name="decide">Must be quick, since others wait for it, and must not call the store.</param>
    /// <param name="settle">
    /// Hears what became of each decision: false if it came to nothing; true if it was appended, or may have been and the answer was lost.
    /// </param>
    public async ValueTask<T> TakeTurnAsync<T>(Func<StudyTurn, T> decide, Action<T, bool>? settle, CancellationToken cancellation)
        where T : class
    {
        while (true)
        {
            var attempt = new Attempt<T>(this, decide);
            bool? isAppended = null;
            try
            {
                isAppended = await store.TakeTurnAsync(_state.Id, ReadUpTo, attempt.Decide, cancellation);
            }
            catch (LedgerCorruptException fault)
            {
                StartOver();
                throw fault.Of(_state.Id);
            }
            finally
            {
                // It was folded ahead and has not happened, or nobody knows.
                if (isAppended != true && attempt.IsAhead)
                    StartOver();
                if (attempt.Decision is { } decision)
                    settle?.Invoke(decision, isAppended ?? true);
            }
            if (isAppended == true)
                _readUpTo = ReadUpTo + attempt.Added;
            if (isAppended == true || !attempt.IsAhead)
                return attempt.Decision ?? throw new InvalidOperationException("the store gave no turn");
        }
    }

    /// <summary>A state can't unlearn an event: the ledger tells it again from the first.</summary>
    private void StartOver() => (_state, _readUpTo) = (begin(), null);

    private void Fold(RecordedEvent recorded)
    {
        var readUpTo = Math.Max(ReadUpTo, recorded.Sequence);
        if (recorded.Sequence > _state.Sequence)
            _state.Apply(recorded);
        _readUpTo = readUpTo;
    }

    /// <summary>One try at a turn.</summary>
    private sealed class Attempt<T>(StudyLedger ledger, Func<StudyTurn, T> decide)
        where T : class
    {
        private StudyTurn? _turn;

        public T? Decision { get; private set; }

        /// <summary>The state has been folded past what the store has.</summary>
        public bool IsAhead => _turn is { IsEmpty: false };

        public int Added => _turn?.Events.Count ?? 0;

        public Commit? Decide(IReadOnlyList<RecordedEvent> missed, DateTimeOffset now)
        {
            // Somebody appended past the queue, and the state is ahead of what is missed.
            if (IsAhead)
                return null;
            foreach (var recorded in missed)
                ledger.Fold(recorded);
            _turn = new(ledger._state, now);
            Decision = decide(_turn);
            return IsAhead ? new(ledger._state.Id, ledger.ReadUpTo, _turn.Events, _turn.Leases, ledger._state.Summary) : null;
        }
    }
}
