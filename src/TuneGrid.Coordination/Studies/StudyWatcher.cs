using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Coordination.Studies;

/// <summary>Follows a study for people: its state and who trains what right now.</summary>
public sealed class StudyWatcher(IStudyStore store, StudyId id, SearchPlanner planner)
{
    private readonly StudyLedger _ledger = new(store, id, planner);
    private long _cursor;

    public StudyState State => _ledger.State;

    public IReadOnlyList<Lease> Leases { get; private set; } = [];

    /// <summary>Brings <see cref="State"/> and <see cref="Leases"/> up to date. False if the study is unknown.</summary>
    public async ValueTask<bool> RefreshAsync(CancellationToken cancellation)
    {
        Leases = await store.LeasesAsync(id, cancellation);
        return await _ledger.RefreshAsync(cancellation);
    }

    /// <summary>Returns when something may have happened, or after the timeout.</summary>
    public async ValueTask WaitAsync(TimeSpan timeout, CancellationToken cancellation)
        => _cursor = await store.WaitForChangeAsync(_cursor, timeout, cancellation);

    /// <summary>Ends the study. False if it is unknown or had ended already.</summary>
    public async ValueTask<bool> CancelAsync(string reason, CancellationToken cancellation) =>
        await _ledger.RefreshAsync(cancellation) && await _ledger.TakeTurnAsync(
            turn =>
            {
                var cancel = Coordinator.Cancel(State, reason, turn.Now);
                turn.Add(cancel.Events, cancel.Leases);
            },
            cancellation);
}
