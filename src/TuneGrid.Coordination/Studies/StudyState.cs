using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>A study as its ledger tells it: a fold over the events. The same events give the same state on every machine. Not thread-safe.</summary>
public sealed partial class StudyState(StudyId id, SearchPlanner planner)
{
    private readonly List<Trial> _trials = [];
    private readonly SortedDictionary<string, ClassState> _classes = new(StringComparer.Ordinal);
    private readonly Tally _tally = new();
    private SearchPlan? _plan;
    private StudyCreated? _created;

    public StudyId Id => id;

    /// <summary>The last event folded in; 0 before the first.</summary>
    public long Sequence { get; private set; }

    public SearchSpace Space => Plan.Space;

    public SearchPlan Plan => _plan ?? throw new InvalidOperationException($"study '{id}' has no events yet");

    public StudyCreated Created => _created ?? throw new InvalidOperationException($"study '{id}' has no events yet");

    public StudyStatus Status => _tally.Status;

    public StudySummary Summary => _tally.Summary(id);

    /// <summary>By number.</summary>
    public IReadOnlyList<Trial> Trials => _trials;

    public int Failed => _tally.Failed;

    /// <summary>Every hardware class that has a trial, by key.</summary>
    public IReadOnlyCollection<ClassState> Classes => _classes.Values;

    public IReadOnlyDictionary<HardwareClass, Champion> Champions => _tally.Champions;

    public static StudyState Replay(StudyId id, SearchPlanner planner, IEnumerable<RecordedEvent> events)
    {
        var state = new StudyState(id, planner);
        foreach (var recorded in events)
            state.Apply(recorded);
        return state;
    }

    public Trial Trial(TrialId trial)
        => trial.Number >= 0 && trial.Number < _trials.Count ? _trials[trial.Number] : throw new ArgumentException($"study '{id}' has no trial {trial}", nameof(trial));

    /// <summary>The class's state; one that has no trial yet is made up on the spot and not kept.</summary>
    internal ClassState ClassOf(HardwareClass hardware)
        => _classes.TryGetValue(hardware.Key, out var known) ? known : new ClassState(hardware, Plan.CreateScheduler());
}
