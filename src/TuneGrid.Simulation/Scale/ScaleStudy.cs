using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Simulation.Stores;

namespace TuneGrid.Simulation.Scale;

/// <param name="WorkUntil">When the last trial was proposed: from then on rungs run out of work.</param>
/// <param name="IdleShare">Of all silos' time until then, each since it started.</param>
/// <param name="OperationsPerTrial">Store operations until then, for each trial proposed by then.</param>
/// <param name="QueueMilliseconds">How long an append waited for its turn, on average until then.</param>
/// <param name="DecideMicroseconds">Processor time of one decision, averaged over moments all through the study.</param>
internal sealed record ScaleReport(
    int Silos, int Trials, TimeSpan WorkUntil, TimeSpan Ended, double IdleShare, double OperationsPerTrial, double QueueMilliseconds,
    double EventsReadPerAsk, double RowsPerTrial, double WholeOperationsPerTrial, double DecideMicroseconds);

/// <summary>
/// A healthy fleet of any size on one study, with the real worker and coordinator, on a virtual clock. Every silo reads for itself, as it
/// would on a machine of its own; what they read is folded once for all of them, which changes no decision and lets ten thousand fit into
/// one process.
/// </summary>
internal sealed class ScaleStudy(int silos, int trialsPerSilo)
{
    private const int Samples = 50;
    private readonly VirtualTime _time = new();
    private readonly Random _random = new(1);
    private readonly StoreCounts _counts = new();
    private readonly List<ScaleRunner> _runners = [];
    private readonly List<Task> _lives = [];
    private readonly List<TimeSpan> _present = [];
    private readonly int _trials = silos * trialsPerSilo;
    private double _decideMicroseconds;
    private int _samples;

    public ScaleReport Run()
    {
        using var context = _time.Enter();
        var inner = new InMemoryStudyStore(_time);
        var store = new LanStore(inner, _counts, _random, _time);
        var id = Started(StudyLauncher.CreateAsync(
            inner, new("scale", "", TestSpace.Corpus, null, DisturbancePolicy.Accept), _random, default));
        var state = new StudyState(id, Plan);
        for (var i = 0; i < silos; i++)
            _lives.Add(LiveAsync(i, store, state));
        _time.RunUntil(() => HasProposedAll(state), TimeSpan.FromDays(10));
        var (workUntil, operations, waited, events, asks, rows) =
            (_time.Elapsed, _counts.Operations, _counts.Waited, _counts.EventsRead, _counts.Reads, _counts.Rows);
        var queueMilliseconds = waited.TotalMilliseconds / Math.Max(1, _counts.Appends);
        var busy = _runners.Sum(r => r.BusySeconds + (r.BusySince is { } since ? (_time.Elapsed - since).TotalSeconds : 0));
        _time.RunUntil(() => _lives.TrueForAll(l => l.IsCompleted), TimeSpan.FromDays(20));
        Invariant.Holds(state.Status == StudyStatus.Completed, "the study completes");
        return new(
            silos, _trials, workUntil, _time.Elapsed, 1 - (busy / _present.Sum(since => (workUntil - since).TotalSeconds)),
            (double)operations / _trials, queueMilliseconds, (double)events / asks, (double)rows / _trials,
            (double)_counts.Operations / _trials, _decideMicroseconds / Math.Max(1, _samples));
    }

    private async Task LiveAsync(int number, LanStore store, StudyState state)
    {
        // People don't press the key at the same moment.
        await Task.Delay(TimeSpan.FromSeconds(_random.NextDouble() * 10), _time);
        _present.Add(_time.Elapsed);
        var runner = new ScaleRunner(_random, _time);
        _runners.Add(runner);
        var silo = new SiloDescription(
            new(FormattableString.Invariant($"silo-{number}")), new("class"), "host", 1, 1, 1, _time.GetUtcNow(), SiloActivity.Idle, "");
        var options = new WorkerOptions { Study = state.Id, Seed = number };
        var coordinator = new LedgerCoordinator(store, Plan, options, _time, begin: _ => state);
        var services = new WorkerServices(store, new InMemoryArtifactStore(), coordinator, runner, Plan, _time)
        {
            DrawToken = () => new(silo.Id.Value),
        };
        await new SiloWorker(silo, services, options).RunAsync(default);
    }

    private bool HasProposedAll(StudyState state)
    {
        if (state.Trials.Count * Samples >= _trials * (_samples + 1))
            SampleDecision(state);
        return state.Trials.Count == _trials;
    }

    private void SampleDecision(StudyState state)
    {
        var offer = new WorkOffer(new("another"), new("class"), default, TimeSpan.FromSeconds(30), [], null, new("another"));
        const int Repeats = 20;
        Coordinator.Decide(state, offer);
        // The only real clock here: what a decision costs, not when it is taken.
        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < Repeats; i++)
            Coordinator.Decide(state, offer);
        _decideMicroseconds += TimeProvider.System.GetElapsedTime(start).TotalMicroseconds / Repeats;
        _samples++;
    }

    private SearchPlan Plan(string json)
    {
        var space = new SearchSpace(
            "scale", "storybook", new("bits_per_byte", Goal.Minimize), new(BudgetKind.Seconds, 300), new(SchedulerType.Asha, 3, 4),
            new(SamplerType.Random), _trials, 7, [], Configuration.Empty, []);
        return new(space, () => Schedulers.Create(space), new Numbers());
    }

    private T Started<T>(Task<T> task)
    {
        _time.RunUntil(() => task.IsCompleted, TimeSpan.FromDays(1));
        return task.GetAwaiter().GetResult();
    }

    private sealed class Numbers : ISampler
    {
        public Proposal Propose(SearchHistory history) =>
            new(Configuration.Empty.With("number", ParameterValue.Of((long)history.Trials.Count)), new("random"));
    }
}
