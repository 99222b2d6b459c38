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

    [Fact]
    public void A_silo_that_can_run_nothing_backs_off_says_why_and_leaves_and_no_trial_fails()
    {
        var study = Launch(9);
        var run = Start("a", new(), default, new SickRunner(() => throw new IOException("Too many open files")));
        Finish(run);
        var left = Assert.IsType<SiloUnfitException>(run.Exception?.InnerException);
        Assert.Contains("Too many open files", left.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 4, 8], _notices.OfType<SiloNotice.BacksOff>().Select(n => n.RetryAfter.TotalSeconds));
        Assert.All(Read(study).Trials, t => Assert.IsType<TrialPhase.Ready>(t.Phase));
        Assert.Empty(Wait(_store.LeasesAsync(study, default).AsTask()));
        Finish(Start("b", new() { Study = study }, default));
        Assert.Equal((StudyStatus.Completed, 0), (Read(study).Status, Read(study).Failed));
    }

    [Theory]
    [InlineData(typeof(IOException), ReleaseCause.Machine)]
    [InlineData(typeof(UnauthorizedAccessException), ReleaseCause.Machine)]
    [InlineData(typeof(OutOfMemoryException), ReleaseCause.Machine)]
    [InlineData(typeof(DllNotFoundException), ReleaseCause.Machine)]
    [InlineData(typeof(InvalidOperationException), ReleaseCause.Unknown)]
    public void A_fault_of_the_trainer_releases_the_trial_with_its_cause(Type fault, ReleaseCause cause)
    {
        var study = Launch(1);
        var run = Start("a", new() { MaxTrials = 1 }, default, new SickRunner(() => throw (Exception)Activator.CreateInstance(fault)!));
        Finish(run);
        var released = Assert.Single(Wait(_store.ReadAsync(study, 0, default).AsTask()).Select(e => e.Event).OfType<TrialReleased>());
        Assert.Equal(cause, released.Cause);
    }

    [Fact]
    public void A_silo_that_is_idle_though_there_is_work_says_why_in_its_log_and_in_the_list_of_silos()
    {
        const string Reason = "needs the corpus 'x': tunegrid corpus add";
        var study = Launch(1);
        using var stop = new CancellationTokenSource();
        var run = Start("a", new(), stop.Token, new SickRunner(() => throw new IOException()) { Lacks = Reason });
        _time.RunUntil(() => false, TimeSpan.FromMinutes(1));
        var row = Assert.Single(Wait(_store.SilosAsync(default).AsTask()));
        stop.Cancel();
        Finish(run);
        Assert.Equal($"{study} {Reason}", Assert.Single(_notices.OfType<SiloNotice.IdleBesideWork>()).Reason);
        Assert.Equal($"{study} {Reason}", row.Silo.IdleReason);
    }

    [Fact]
    public void A_trial_that_took_silos_of_this_host_down_waits_longer_each_time_and_is_tried_again()
    {
        var study = Launch(1);
        for (var process = 0; process < 4; process++)
        {
            var machine = new Machine($"host-{process}-x", new Faults(1, _time) { AreOn = false }, 1);
            Start(machine, new(), default);
            Wait(AfterAsync(TimeSpan.FromSeconds(2)));
            Assert.IsType<TrialPhase.Running>(Read(study).Trials[0].Phase);
            machine.Crash();
            Wait(AfterAsync(TimeSpan.FromMinutes(2)));
        }
        Finish(Start("host-9-x", new() { Study = study }, default));
        Assert.Equal(StudyStatus.Completed, Read(study).Status);
        Assert.Equal([1, 2, 4], _notices.OfType<SiloNotice.TrialLosesSilos>().Select(n => n.RetryAfter.TotalSeconds));
    }

    [Fact]
    public void A_search_that_waits_ends_a_study_whose_last_silo_left_before_it_asked_again()
    {
        var study = Launch(1, rungs: 1);
        var other = new SiloDescription(new("b"), new("other"), "host", 1, 1, 1, _time.GetUtcNow(), SiloActivity.Idle, "");
        var coordinator = new LedgerCoordinator(_store, TestSpace.Plan, new(), _time);
        Wait(_store.AnnounceAsync(other, default).AsTask());
        var work = Wait(coordinator.AskAsync(study, new(other, true, new("token")), default).AsTask()).Work!;
        Finish(Start("a", new() { MaxTrials = 1 }, default));
        Wait(_store.AnnounceAsync(other, default).AsTask());
        Wait(coordinator.ReportAsync(work, new SegmentOutcome.Stopped(0, null), null, default).AsTask());
        var search = new StudyFollower(_store, study, TestSpace.Plan);
        Wait(search.RefreshAsync(default).AsTask());
        Assert.False(Wait(search.TryEndAsync(TimeSpan.FromSeconds(30), default).AsTask()));
        // The other class's silo is gone without a word: nobody asks any more.
        Wait(AfterAsync(TimeSpan.FromMinutes(1)));
        Assert.True(Wait(search.TryEndAsync(TimeSpan.FromSeconds(30), default).AsTask()));
        Assert.Equal(StudyStatus.Completed, Read(study).Status);
    }

    private async Task<bool> AfterAsync(TimeSpan time)
    {
        await Task.Delay(time, _time);
        return true;
    }

    private StudyId Launch(int trials, DisturbancePolicy policy = DisturbancePolicy.Accept, int rungs = 3)
        => Wait(StudyLauncher.CreateAsync(
            _store, new("test", TestSpace.Json(trials, rungs), TestSpace.Corpus, null, policy), new Random(3), default));

    private void Hear(SiloNotice notice)
    {
        _notices.Add(notice);
        _heard(notice);
    }

    private Task<SiloExit> Start(string name, WorkerOptions options, CancellationToken stop, ISegmentRunner? runner = null) =>
        Start(new Machine(name, new Faults(1, _time) { AreOn = false }, 1), options, stop, runner);

    private Task<SiloExit> Start(Machine machine, WorkerOptions options, CancellationToken stop, ISegmentRunner? runner = null)
    {
        var name = machine.Name;
        var silo = new SiloDescription(new(name), new("class"), "host", 1, 1, 1, _time.GetUtcNow(), SiloActivity.Idle, "");
        runner ??= new SimulatedRunner(machine, _artifacts, [], _time);
        // A crashed machine says nothing more.
        var store = new FaultyStore(_store, machine);
        var coordinator = new LedgerCoordinator(store, TestSpace.Plan, options, _time);
        var services = new WorkerServices(store, _artifacts, coordinator, runner, TestSpace.Plan, _time)
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

    /// <summary>A machine on which something is wrong.</summary>
    private sealed class SickRunner(Func<SegmentOutcome> run) : ISegmentRunner
    {
        public string? Lacks { get; init; }

        public string? WhyNot(CorpusReference corpus) => Lacks;

        public Task<SegmentOutcome> RunAsync(
            Assignment work, ISegmentMonitor monitor, CancellationToken pause, CancellationToken abandon) => Task.FromResult(run());
    }
}
