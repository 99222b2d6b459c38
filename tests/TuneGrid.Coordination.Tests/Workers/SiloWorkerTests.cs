using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;
using TuneGrid.Simulation.Stores;

namespace TuneGrid.Coordination.Tests.Workers;

/// <summary>One silo on a virtual clock, nothing going wrong but what the test does.</summary>
public sealed class SiloWorkerTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly IDisposable _context;
    private readonly InMemoryStudyStore _store;
    private readonly InMemoryArtifactStore _artifacts = new();
    private readonly List<SiloNotice> _notices = [];
    private int _tokens;
    private Action<SiloNotice> _heard = _ => { };

    public SiloWorkerTests() => (_context, _store) = (_time.Enter(), new(_time));

    public void Dispose() => _context.Dispose();

    [Fact]
    public void A_stopped_silo_leaves_a_checkpoint_and_no_lease()
    {
        var study = Launch(3);
        using var stop = new CancellationTokenSource();
        var run = Start("a", new(), stop.Token);
        _time.RunUntil(() => false, TimeSpan.FromSeconds(15));
        stop.Cancel();
        Finish(run);
        Assert.Equal(SiloExit.Stopped, run.Result);
        var trial = Read(study).Trials[0];
        Assert.IsType<TrialPhase.Ready>(trial.Phase);
        Assert.InRange(trial.LastCheckpoint!.Amount, 1, 29);
        Assert.Empty(Wait(_store.LeasesAsync(study, default).AsTask()));
        Assert.Empty(Wait(_store.SilosAsync(default).AsTask()));
    }

    [Fact]
    public void A_drained_silo_finishes_its_segment_first()
    {
        var study = Launch(9);
        var run = Start("a", new(), default);
        _time.RunUntil(() => false, TimeSpan.FromSeconds(10));
        Assert.True(Wait(_store.RequestDrainAsync(new("a"), DrainRequest.AfterSegment, default).AsTask()));
        Finish(run);
        Assert.Equal(SiloExit.Drained, run.Result);
        Assert.IsType<TrialPhase.AtRung>(Assert.Single(Read(study).Trials).Phase);
    }

    [Fact]
    public void A_silo_drained_in_a_hurry_leaves_its_trial_with_a_checkpoint()
    {
        var study = Launch(9);
        var run = Start("a", new(), default);
        _time.RunUntil(() => false, TimeSpan.FromSeconds(3));
        Assert.True(Wait(_store.RequestDrainAsync(new("a"), DrainRequest.Now, default).AsTask()));
        Finish(run);
        Assert.Equal(SiloExit.Drained, run.Result);
        var trial = Assert.Single(Read(study).Trials);
        Assert.Equal((typeof(TrialPhase.Ready), true), (trial.Phase.GetType(), trial.LastCheckpoint is { Amount: > 0 and < 30 }));
    }

    [Fact]
    public void A_paused_study_stops_at_the_next_heartbeat_and_goes_on_after_it_is_resumed()
    {
        var study = Launch(3);
        using var stop = new CancellationTokenSource();
        var run = Start("a", new(), stop.Token);
        _time.RunUntil(() => false, TimeSpan.FromSeconds(3));
        var person = new StudyFollower(_store, study, TestSpace.Plan);
        Assert.True(Wait(person.PauseAsync("lunch", default).AsTask()));
        _time.RunUntil(() => false, _time.Elapsed + TimeSpan.FromMinutes(10));
        Assert.Empty(Wait(_store.LeasesAsync(study, default).AsTask()));
        Assert.Single(Read(study).Trials);
        Assert.True(Wait(person.ResumeAsync(default).AsTask()));
        _time.RunUntil(() => !Read(study).IsOpen, _time.Elapsed + TimeSpan.FromDays(1));
        Assert.Equal(StudyStatus.Completed, Read(study).Status);
        stop.Cancel();
        Finish(run);
    }

    [Fact]
    public void Limits_are_kept()
    {
        Launch(9);
        var limited = Start("a", new() { MaxTrials = 2 }, default);
        Finish(limited);
        Assert.Equal(SiloExit.MaxTrials, limited.Result);
        Assert.Equal(2, _notices.OfType<SiloNotice.SegmentReported>().Count());
    }

    [Fact]
    public void A_silo_without_work_leaves_when_it_was_told_to()
    {
        var run = Start("a", new() { IdleExit = TimeSpan.FromMinutes(2) }, default);
        Finish(run);
        Assert.Equal(SiloExit.Idle, run.Result);
        Assert.InRange(_time.Elapsed, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2.2));
    }

    [Fact]
    public void A_cancelled_study_takes_the_segment_away_within_a_heartbeat()
    {
        var study = Launch(9);
        var run = Start("a", new() { Study = study }, default);
        _time.RunUntil(() => false, TimeSpan.FromSeconds(30));
        Assert.True(Wait(new StudyFollower(_store, study, TestSpace.Plan).CancelAsync("enough", default).AsTask()));
        Finish(run);
        Assert.Equal(SiloExit.StudyOver, run.Result);
        Assert.InRange(_time.Elapsed, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(36));
        Assert.Single(_notices.OfType<SiloNotice.SegmentLost>());
    }

    [Fact]
    public void A_finished_study_keeps_what_its_finalists_left_and_nothing_else()
    {
        var study = Launch(9);
        Finish(Start("a", new() { Study = study }, default));
        var state = Read(study);
        Assert.Equal(StudyStatus.Completed, state.Status);
        AssertKeptAre(state.Trials);
    }

    /// <summary>A search that sees the end of its study stops its silo at once, which found that end and has yet to tidy up.</summary>
    [Fact]
    public void What_is_due_at_the_end_of_a_study_is_done_by_a_silo_that_the_end_stops()
    {
        var study = Launch(9);
        using var stop = new CancellationTokenSource();
        _heard = notice =>
        {
            if (notice is SiloNotice.StudyEnded)
                stop.Cancel();
        };
        Finish(Start("a", new() { Study = study }, stop.Token));
        var state = Read(study);
        Assert.Equal(StudyStatus.Completed, state.Status);
        AssertKeptAre(state.Trials);
    }

    /// <summary>It was stored while the study was cancelled, and no ledger names it.</summary>
    [Fact]
    public void What_a_refused_segment_left_is_deleted()
    {
        var study = Launch(1);
        var machine = new Machine("a", new Faults(1, _time) { AreOn = false }, 1);
        using var stop = new CancellationTokenSource();
        var run = Start(machine, new() { Study = study }, stop.Token);
        _time.RunUntil(() => Read(study).Trials is [{ Phase: TrialPhase.Running }], TimeSpan.FromDays(1));
        Assert.True(Wait(new StudyFollower(_store, study, TestSpace.Plan).CancelAsync("enough", default).AsTask()));
        stop.Cancel();
        Finish(run);
        Assert.Equal(0, _artifacts.Count);
    }

    private void AssertKeptAre(IEnumerable<Trial> trials) => Assert.Equal(
        trials.Select(t => t.Phase).OfType<TrialPhase.Completed>()
            .SelectMany(t => new[] { t.Result.Checkpoint, t.Result.Model!.Value }).Select(h => h.Hex).Order(),
        Wait(_artifacts.ListAsync(TimeSpan.Zero, default).AsTask()).Keys.Select(h => h.Hex).Order());

    [Fact]
    public void A_broken_study_is_named_and_the_others_go_on()
    {
        var broken = Wait(StudyLauncher.CreateAsync(
            _store, new("broken", "garbage", TestSpace.Corpus, null, DisturbancePolicy.Accept), new Random(1), default));
        var study = Launch(2);
        Finish(Start("a", new() { IdleExit = TimeSpan.FromMinutes(1) }, default));
        Assert.Equal(broken, Assert.Single(_notices.OfType<SiloNotice.StudyBroken>()).Study);
        Assert.Equal(StudyStatus.Completed, Read(study).Status);
    }

    [Fact]
    public void Two_silos_racing_for_every_trial_share_them()
    {
        var study = Launch(20);
        Finish(Task.WhenAll(Start("a", new() { Study = study }, default), Start("b", new() { Study = study }, default)));
        var state = Read(study);
        Assert.Equal(StudyStatus.Completed, state.Status);
        Assert.Equal(20, state.Trials.Count);
        Assert.Equal(2, state.Trials.SelectMany(t => t.Segments).Select(s => s.Silo).Distinct().Count());
    }

    [Theory]
    [InlineData(DisturbancePolicy.Accept)]
    [InlineData(DisturbancePolicy.RerunOnce)]
    public void A_throttled_silo_s_segment_is_marked_or_run_again_by_a_better_one(DisturbancePolicy policy)
    {
        var study = Launch(4, policy);
        var (slow, good) = (new Machine("slow", new(1, _time), 1), new Machine("good", new(2, _time), 1));
        var runs = new[] { Start(slow, new() { Study = study }, default), Start(good, new() { Study = study }, default) };
        _ = slow.SlowDownAsync(0.4, TimeSpan.FromDays(2), _time);
        Finish(Task.WhenAll(runs));
        var segments = Read(study).Trials.SelectMany(t => t.Segments).ToList();
        var kept = segments.FindAll(s => s.End == SegmentEnd.Reached);
        Assert.All(kept, s => Assert.Equal(s.Silo.Value == "slow", s.Result!.Disturbed));
        Assert.Equal(policy == DisturbancePolicy.RerunOnce, segments.Exists(s => s.End == SegmentEnd.Disturbed));
        Assert.All(kept.Where(s => s.Result!.Disturbed), s => Assert.InRange(s.Result!.RelativeSpeed!.Value, 0.35, 0.65));
        // What was thrown away leaves nothing behind: what the finalists left is all there is.
        AssertKeptAre(Read(study).Trials);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(null)]
    public void Only_silos_that_measure_energy_train_for_joules(bool? measures)
    {
        var study = Launch(1);
        var silo = new SiloDescription(new("a"), new("class"), "host", 1, 1, 1, _time.GetUtcNow(), SiloActivity.Idle, "")
        {
            MeasuresEnergy = measures,
        };
        SearchPlan Joules(string json) =>
            TestSpace.Plan(json) with { Space = TestSpace.Plan(json).Space with { Budget = new(BudgetKind.Joules, 270) } };
        var coordinator = new LedgerCoordinator(_store, Joules, new(), _time);
        var answer = Wait(coordinator.AskAsync(study, new(silo, true, new("token")), default).AsTask());
        Assert.Equal(measures == true, answer.Work is not null);
    }

    [Fact]
    public void A_silo_shows_its_norm_and_how_far_below_it_is()
    {
        Launch(4);
        var machine = new Machine("a", new(1, _time), 1);
        Start(machine, new(), default);
        _ = machine.SlowDownAsync(0.5, TimeSpan.FromDays(2), _time);
        _time.RunUntil(() => false, TimeSpan.FromMinutes(5));
        var speed = Assert.Single(Wait(_store.SilosAsync(default).AsTask())).Silo.Speed!;
        Assert.InRange(speed.Norm, 0.95e9, 1.05e9);
        Assert.InRange(speed.Relative, 0.45, 0.55);
    }

    private StudyId Launch(int trials, DisturbancePolicy policy = DisturbancePolicy.Accept)
        => Wait(StudyLauncher.CreateAsync(
            _store, new("test", TestSpace.Json(trials), TestSpace.Corpus, null, policy), new Random(3), default));

    private void Hear(SiloNotice notice)
    {
        _notices.Add(notice);
        _heard(notice);
    }

    private Task<SiloExit> Start(string name, WorkerOptions options, CancellationToken stop) =>
        Start(new Machine(name, new Faults(1, _time) { AreOn = false }, 1), options, stop);

    private Task<SiloExit> Start(Machine machine, WorkerOptions options, CancellationToken stop)
    {
        var name = machine.Name;
        var silo = new SiloDescription(new(name), new("class"), "host", 1, 1, 1, _time.GetUtcNow(), SiloActivity.Idle, "");
        var runner = new SimulatedRunner(machine, _artifacts, [], _time);
        var coordinator = new LedgerCoordinator(_store, TestSpace.Plan, options, _time);
        var services = new WorkerServices(_store, _artifacts, coordinator, runner, TestSpace.Plan, _time)
        {
            Probe = new SimulatedProbe(machine), Notify = Hear, DrawToken = () => new($"token {_tokens++}"),
        };
        return new SiloWorker(silo, services, options).RunAsync(stop);
    }

    private void Finish(Task task) => _time.RunUntil(() => task.IsCompleted, _time.Elapsed + TimeSpan.FromDays(1));

    private T Wait<T>(Task<T> task)
    {
        Finish(task);
        return task.GetAwaiter().GetResult();
    }

    private StudyState Read(StudyId study) =>
        StudyState.Replay(study, TestSpace.Plan, _store.ReadAsync(study, 0, default).AsTask().GetAwaiter().GetResult());
}
