using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Analysis;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>
/// A study as its ledger tells it: a fold over the events. The same events give the same state on every machine. Not thread-safe.
/// </summary>
/// <param name="planner">Reads the study's search space when its first event is folded in.</param>
public sealed partial class StudyState(StudyId id, SearchPlanner planner)
{
    private readonly List<Trial> _trials = [];
    private readonly SortedDictionary<string, ClassState> _classes = new(StringComparer.Ordinal);
    private readonly List<Configuration> _enqueued = [];
    private readonly Dictionary<string, NoiseModel> _noise = new(StringComparer.Ordinal);
    private readonly SummaryFold _summary = new();
    private readonly List<StudyWarmStarted> _earlier = [];
    private SearchPlan? _plan;
    private StudyCreated? _created;
    private bool _isExtended;

    /// <summary>The study's name.</summary>
    public StudyId Id => id;

    /// <summary>The last event folded in; 0 before the first.</summary>
    public long Sequence { get; private set; }

    /// <summary>The search space; with more trials, if people asked for more since.</summary>
    /// <exception cref="InvalidOperationException">The study has no events yet.</exception>
    public SearchSpace Space => Plan.Space;

    /// <summary>The search space made ready to decide with.</summary>
    /// <exception cref="InvalidOperationException">The study has no events yet.</exception>
    public SearchPlan Plan => _plan ?? throw new InvalidOperationException($"study '{id}' has no events yet");

    /// <summary>The study's first event.</summary>
    /// <exception cref="InvalidOperationException">The study has no events yet.</exception>
    public StudyCreated Created => _created ?? throw new InvalidOperationException($"study '{id}' has no events yet");

    /// <summary>Where the study stands.</summary>
    public StudyStatus Status => _summary.Status;

    /// <summary>True if it has neither been completed nor cancelled.</summary>
    public bool IsOpen => Status is StudyStatus.Running or StudyStatus.Paused;

    /// <summary>The study's header, made anew with each call.</summary>
    public StudySummary Summary => _summary.Summary(id);

    /// <summary>Every trial, by number.</summary>
    public IReadOnlyList<Trial> Trials => _trials;

    /// <summary>How many trials failed.</summary>
    public int Failed => _summary.Failed;

    /// <summary>Every hardware class that has a trial, by key.</summary>
    public IReadOnlyCollection<ClassState> Classes => _classes.Values;

    /// <summary>
    /// The champion of each hardware class that has one: the best finished trial, of equals the one that finished first; where finalists
    /// ran again, the one with the best mean.
    /// </summary>
    public IReadOnlyDictionary<HardwareClass, Champion> Champions => _summary.Champions;

    /// <summary>Returns what earlier studies have measured of a class's noise; null if none had before its first trial.</summary>
    public NoiseModel? NoiseOf(HardwareClass hardware) => _noise.GetValueOrDefault(hardware.Key);

    /// <summary>The earlier studies that this one was started from.</summary>
    public IReadOnlyList<StudyWarmStarted> WarmStarts => _earlier;

    /// <summary>Returns the state that a study's events lead to.</summary>
    /// <param name="events">From the first on, in order.</param>
    /// <exception cref="LedgerCorruptException">An event can't follow the ones before it.</exception>
    public static StudyState Replay(StudyId id, SearchPlanner planner, IEnumerable<RecordedEvent> events)
    {
        var state = new StudyState(id, planner);
        foreach (var recorded in events)
            state.Apply(recorded);
        return state;
    }

    /// <summary>Returns one trial.</summary>
    /// <exception cref="ArgumentException">The study has no such trial.</exception>
    public Trial Trial(TrialId trial)
        => trial.Number >= 0 && trial.Number < _trials.Count
            ? _trials[trial.Number]
            : throw new ArgumentException($"study '{id}' has no trial {trial}", nameof(trial));

    /// <summary>Returns whether a silo trains this trial now under this fence, and with this token. False for an unknown trial.</summary>
    public bool IsHeldUnder(TrialId trial, Fence fence, LeaseToken token) =>
        trial.Number >= 0 && trial.Number < _trials.Count && _trials[trial.Number].IsHeldUnder(fence, token);

    /// <summary>The class's state; one that has no trial yet is made up on the spot and not kept.</summary>
    internal ClassState ClassOf(HardwareClass hardware)
        => _classes.TryGetValue(hardware.Key, out var known) ? known : NewClass(hardware);

    /// <summary>The class's state, kept from now on.</summary>
    private ClassState Kept(HardwareClass hardware) => _classes[hardware.Key] = ClassOf(hardware);

    private ClassState NewClass(HardwareClass hardware)
    {
        var group = new ClassState(hardware, Plan.CreateScheduler(), Space.Finalists, _enqueued);
        if (_earlier.Count > 0)
            group.History.WarmStarted(Earlier());
        if (_isExtended)
            group.Extend(Space.Trials);
        return group;
    }
}
