using TuneGrid.Coordination.Ledger;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>Follows a study for people, and carries out what they ask of it at the ledger itself. Not thread-safe.</summary>
public sealed class StudyFollower(IStudyStore store, StudyId id, SearchPlanner planner)
{
    private readonly StudyLedger _ledger = new(store, id, planner);
    private long _cursor;

    /// <summary>The study as far as it was read.</summary>
    public StudyState State => _ledger.State;

    /// <summary>Who trains what, as read with the last refresh.</summary>
    public IReadOnlyList<Lease> Leases { get; private set; } = [];

    /// <summary>Brings <see cref="State"/> and <see cref="Leases"/> up to date, and returns what is new in the ledger.</summary>
    /// <exception cref="LedgerCorruptException">The ledger is damaged.</exception>
    public async ValueTask<IReadOnlyList<RecordedEvent>> RefreshAsync(CancellationToken cancellation)
    {
        Leases = await store.LeasesAsync(id, cancellation);
        return await _ledger.CatchUpAsync(cancellation);
    }

    /// <summary>
    /// Ends the study if nothing of it can be trained any more: the last silo may have left before anybody asked again. Returns whether it
    /// did.
    /// </summary>
    /// <param name="timeToLive">How long a silo counts as alive after its last word.</param>
    public ValueTask<bool> TryEndAsync(TimeSpan timeToLive, CancellationToken cancellation) =>
        StudyEnd.TryAsync(store, _ledger, timeToLive, cancellation);

    /// <summary>Returns when something may have happened, or after the timeout.</summary>
    public async ValueTask WaitAsync(TimeSpan timeout, CancellationToken cancellation)
        => _cursor = await store.WaitForChangeAsync(_cursor, timeout, cancellation);

    /// <summary>Lets nothing start or go on until it is resumed. Returns false if it is unknown, paused already or has ended.</summary>
    public ValueTask<bool> PauseAsync(string reason, CancellationToken cancellation) =>
        ChangeAsync((state, now) => Coordinator.Pause(state, reason, now), cancellation);

    /// <summary>Lets a paused study go on. Returns false if it was not paused.</summary>
    public ValueTask<bool> ResumeAsync(CancellationToken cancellation) => ChangeAsync(Coordinator.Resume, cancellation);

    /// <summary>Ends the study. Returns false if it is unknown or had ended already.</summary>
    public ValueTask<bool> CancelAsync(string reason, CancellationToken cancellation) =>
        ChangeAsync((state, now) => Coordinator.Cancel(state, reason, now), cancellation);

    /// <summary>Ends one trial. Returns false if it is unknown, or it or its study had ended already.</summary>
    public ValueTask<bool> CancelAsync(TrialId trial, string reason, CancellationToken cancellation) => ChangeAsync(
        (state, now) => trial.Number < state.Trials.Count ? Coordinator.CancelTrial(state, trial, reason, now) : new([], []), cancellation);

    /// <summary>
    /// Lets each hardware class try a configuration next. Returns false if the study is unknown, has ended or proposes no more.
    /// </summary>
    public ValueTask<bool> EnqueueAsync(Configuration configuration, CancellationToken cancellation) =>
        ChangeAsync((state, now) => Requests.Enqueue(state, configuration, now), cancellation);

    /// <summary>
    /// Asks for as many trials in all, also of a study that has completed. Returns false if it is unknown, was cancelled, or has as many.
    /// </summary>
    public ValueTask<bool> ExtendAsync(int trials, CancellationToken cancellation) =>
        ChangeAsync((state, now) => Requests.Extend(state, trials, now), cancellation);

    /// <summary>Tries a failed trial again. Returns false if it is unknown or has not failed, or its study was cancelled.</summary>
    public ValueTask<bool> RetryAsync(TrialId trial, CancellationToken cancellation) =>
        ChangeAsync((state, now) => Requests.Retry(state, trial, now), cancellation);

    private async ValueTask<bool> ChangeAsync(Func<StudyState, DateTimeOffset, WorkDecision.Record> decide, CancellationToken cancellation)
    {
        if (!await _ledger.RefreshAsync(cancellation))
            return false;
        var change = await _ledger.TakeTurnAsync(InTurn, null, cancellation);
        return change.Events.Count > 0;

        WorkDecision.Record InTurn(StudyTurn turn)
        {
            var decided = decide(State, turn.Now);
            turn.Add(decided.Events, decided.Leases);
            return decided;
        }
    }
}
