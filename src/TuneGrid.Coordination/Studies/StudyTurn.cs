using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Coordination.Studies;

/// <summary>
/// One writer's turn at the end of a ledger. What it adds is folded into the state at once, so that the next decision of the same turn
/// builds on it; all of it is appended together or not at all.
/// </summary>
internal sealed class StudyTurn
{
    private readonly StudyState _state;
    private readonly List<StudyEvent> _events = [];
    private readonly List<LeaseChange> _leases = [];

    public StudyTurn(StudyState state, DateTimeOffset now) => (_state, Now) = (state, now);

    /// <summary>The store's clock.</summary>
    public DateTimeOffset Now { get; }

    public bool IsEmpty => _events.Count == 0;

    public IReadOnlyList<StudyEvent> Events => _events;

    public IReadOnlyList<LeaseChange> Leases => _leases;

    /// <summary>Folds the events in, to be appended at the end of the turn.</summary>
    /// <exception cref="LedgerCorruptException">An event can't follow.</exception>
    public void Add(IReadOnlyList<StudyEvent> events, IReadOnlyList<LeaseChange> leases)
    {
        foreach (var change in events)
        {
            // First, so that an event that the fold refuses still counts as added: the state is not to be trusted then.
            _events.Add(change);
            _state.Apply(new(_state.Sequence + 1, change));
        }
        _leases.AddRange(leases);
    }
}
