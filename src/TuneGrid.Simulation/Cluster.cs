using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers;
using TuneGrid.Search.Space;
using TuneGrid.Simulation.Stores;

namespace TuneGrid.Simulation;

/// <param name="FaultsFor">How long things go wrong; afterwards the study has to finish.</param>
internal sealed record ClusterPlan(
    int Silos, int Classes, int Trials, int Rungs, SchedulerType Scheduler, DisturbancePolicy Disturbance, TimeSpan FaultsFor)
{
    public Retention Keep { get; init; }

    public FinalistSpec? Finalists { get; init; }
}

/// <summary>Silos on a virtual clock, over one store, with everything going wrong that one seed says.</summary>
internal sealed class Cluster
{
    private const int Patience = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromDays(10);
    private readonly VirtualTime _time = new();
    private readonly InMemoryArtifactStore _artifacts = new();
    private readonly InMemoryStudyStore _inner;
    private readonly Faults _faults;
    private readonly ClusterPlan _plan;
    private readonly string? _trace;
    private readonly Dictionary<ArtifactHash, SegmentTruth> _truths = [];
    private readonly List<(Machine Machine, CancellationTokenSource Stop)> _machines = [];
    private readonly List<Task> _lives = [];
    private StudyId _study;
    private int _names;
    private int _tokens;
    private int _alive;

    public Cluster(int seed, ClusterPlan plan, string? trace = null)
    {
        (_plan, _trace, _inner, _faults) = (plan, trace, new(_time), new(seed, _time));
        Store = new(_inner, _artifacts, TestSpace.Plan, _truths);
    }

    public AuditedStore Store { get; }

    public InMemoryArtifactStore Artifacts => _artifacts;

    public TimeSpan Elapsed => _time.Elapsed;

    public StudyState State => Store.State(_study);

    /// <summary>Runs the study to its end and returns its ledger.</summary>
    public IReadOnlyList<RecordedEvent> Run()
    {
        using var context = _time.Enter();
        var json = TestSpace.Json(_plan.Trials, _plan.Rungs, _plan.Scheduler, _plan.Keep, _plan.Finalists);
        var plan = new NewStudy("test", json, TestSpace.Corpus, _trace, _plan.Disturbance);
        _study = StudyLauncher.CreateAsync(Store, plan, _faults.Random, default).GetAwaiter().GetResult();
        for (var i = 0; i < _plan.Silos; i++)
            _lives.Add(LiveAsync(i));
        _lives.Add(MisbehaveAsync());
        _time.RunUntil(() => _lives.Exists(l => l.IsFaulted) || State.Status != StudyStatus.Running, Limit);
        // Everybody must notice that it is over, the sleepers included.
        _time.RunUntil(() => _lives.Exists(l => l.IsFaulted) || _alive == 0, _time.Elapsed + TimeSpan.FromDays(1));
        _lives.Find(l => l.IsFaulted)?.GetAwaiter().GetResult();
        Invariant.Holds(State.Status != StudyStatus.Running, "the study finishes once the faults stop");
        Invariant.Holds(_alive == 0, "every silo notices that the study is over");
        return _inner.ReadAsync(_study, 0, default).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>One place in the fleet: a silo, and its successor whenever it crashed or was stopped.</summary>
    private async Task LiveAsync(int place)
    {
        _alive++;
        var host = FormattableString.Invariant($"host-{place}");
        await _faults.DelayAsync(30);
        while (_study == default || State.Status == StudyStatus.Running)
        {
            var name = FormattableString.Invariant($"silo-{_names++}");
            var machine = new Machine(name, _faults, 0.5 + _faults.Random.NextDouble());
            using var stop = new CancellationTokenSource();
            _machines.Add((machine, stop));
            var silo = new SiloDescription(
                new(name), new($"class-{place % _plan.Classes}"), host, 1, 1, 1 << 30, _time.GetUtcNow(), SiloActivity.Idle, "")
            {
                MemoryLimitBytes = place % 2 == 0 ? TestSpace.SmallMemory : TestSpace.ClassMemory,
                ClassMemoryBytes = TestSpace.ClassMemory,
            };
            var options = new WorkerOptions { Study = _study, Seed = _faults.Random.Next(), Poll = TimeSpan.FromSeconds(20) };
            var store = new FaultyStore(Store, machine);
            var runner = new SimulatedRunner(machine, _artifacts, _truths, _time);
            var services = new WorkerServices(
                store, _artifacts, new LedgerCoordinator(store, TestSpace.Plan, options, _time, artifacts: _artifacts), runner,
                TestSpace.Plan, _time)
            {
                Probe = new SimulatedProbe(machine), OwnsArtifacts = true,
                DrawToken = () => new(FormattableString.Invariant($"token-{_tokens++}")),
            };
            var run = new SiloWorker(silo, services, options).RunAsync(stop.Token);
            await Task.WhenAny(run, machine.Crashed);
            _machines.RemoveAll(m => m.Machine == machine);
            try
            {
                if (run.IsCompleted)
                    await run;
            }
            catch (SiloUnfitException)
            {
                // Its successor may fare better.
            }
            await SkipHopelessAsync();
            await _faults.DelayAsync(60);
        }
        _alive--;
    }

    /// <summary>What a person does who reads that a trial takes its only host down again and again, or can't be run there.</summary>
    private async Task SkipHopelessAsync()
    {
        var hopeless = State.Trials.Where(
            t => !t.IsOver && (t.Losses.Values.Any(l => l >= Patience) || t.Releases.Values.Contains(ReleaseCause.Unknown)));
        foreach (var trial in hopeless.Select(t => t.Id).ToList())
            await new StudyFollower(Store, _study, TestSpace.Plan).CancelAsync(trial, "skipped", default);
    }

    /// <summary>Somebody who is no silo has guessed the study, a trial that runs and its fence, and reports a champion.</summary>
    private async Task IntrudeAsync()
    {
        var stranger = new LedgerCoordinator(Store, TestSpace.Plan, new(), _time);
        foreach (var id in State.Classes.SelectMany(c => c.Running).ToList())
        {
            var segment = State.Trial(id).Segments[^1];
            var work = new Assignment(
                _study, id, segment.Number, segment.Fence, segment.Rung, State.Trial(id).Configuration, 0, TestSpace.Corpus,
                State.Space.Budget, segment.ToAmount, true, null, null, new("guess"));
            var checkpoint = await _artifacts.PutAsync($"checkpoint/{id}/stranger", default);
            var result = new SegmentResult(0.5, 1, segment.ToAmount, 1, 1, 1, 1, 1, 1, checkpoint, checkpoint);
            var answer = await stranger.ReportAsync(work, new SegmentOutcome.Reached(result), null, default);
            Invariant.Holds(!answer.IsRecorded, $"a stranger's report of {id} is refused");
            Invariant.Holds(
                !await stranger.ReportDamageAsync(work, checkpoint, "made up", default), $"a stranger can discard no checkpoint of {id}");
        }
    }

    private async Task MisbehaveAsync()
    {
        while (_time.Elapsed < _plan.FaultsFor)
        {
            await _faults.DelayAsync(6000.0 / (20 + (10 * _plan.Silos)));
            if (_machines.Count == 0)
                continue;
            var (machine, stop) = _machines[_faults.Random.Next(_machines.Count)];
            switch (_faults.Random.Next(15))
            {
                case 14:
                    await IntrudeAsync();
                    break;
                case < 3:
                    _ = machine.SleepAsync(TimeSpan.FromSeconds(_faults.Random.Next(5, 400)), _time);
                    break;
                case < 6:
                    machine.Crash();
                    break;
                case < 9:
                    stop.Cancel();
                    break;
                case < 13:
                    _ = machine.SlowDownAsync(
                        0.2 + (0.4 * _faults.Random.NextDouble()), TimeSpan.FromSeconds(_faults.Random.Next(10, 1000)), _time);
                    break;
                default:
                    _faults.RefuseFor(TimeSpan.FromSeconds(_faults.Random.Next(1, 200)));
                    break;
            }
        }
        _faults.AreOn = false;
    }
}
