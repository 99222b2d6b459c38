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

/// <summary>A silo whose study breaks under its hands, or loses the row of a lease: it names what is wrong and goes on.</summary>
public sealed class BrokenStudyTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly IDisposable _context;
    private readonly InMemoryStudyStore _store;
    private readonly InMemoryArtifactStore _artifacts = new();
    private readonly List<SiloNotice> _notices = [];

    public BrokenStudyTests() => (_context, _store) = (_time.Enter(), new(_time));

    public void Dispose() => _context.Dispose();

    [Fact]
    public void A_study_that_breaks_while_it_is_trained_is_named_once_and_the_others_go_on()
    {
        var (breaks, whole) = (Launch(9), Launch(2));
        var run = Start(new() { IdleExit = TimeSpan.FromMinutes(5) });
        _time.RunUntil(() => false, TimeSpan.FromSeconds(5));
        Assert.Equal(breaks, Assert.Single(_notices.OfType<SiloNotice.SegmentStarted>()).Work.Study);
        Break(breaks);
        Finish(run);
        Assert.Equal(SiloExit.Idle, run.Result);
        var notice = Assert.Single(_notices.OfType<SiloNotice.StudyBroken>());
        Assert.Equal(breaks, notice.Study);
        Assert.StartsWith($"study {breaks}: the ledger is damaged at event 4: ", notice.Reason, StringComparison.Ordinal);
        Assert.Equal(StudyStatus.Completed, Read(whole).Status);
    }

    [Fact]
    public void The_only_study_of_a_silo_that_breaks_while_it_is_trained_ends_it()
    {
        var study = Launch(9);
        var run = Start(new() { Study = study });
        _time.RunUntil(() => false, TimeSpan.FromSeconds(5));
        Break(study);
        Finish(run);
        Assert.Equal(study, Assert.IsType<LedgerCorruptException>(run.Exception!.InnerException).Study);
    }

    [Fact]
    public void A_lease_whose_row_was_lost_is_noticed_and_its_trial_goes_on()
    {
        var study = Launch(1);
        var ghost = new LedgerCoordinator(_store, TestSpace.Plan, new(), _time);
        var work = Wait(ghost.AskAsync(study, new(Silo("ghost"), true, new("token")), default).AsTask()).Work!;
        var lose = new Commit(study, Read(study).Sequence, [], [new LeaseChange.Release(work.Trial)], Read(study).Summary);
        Assert.True(Wait(_store.TryAppendAsync(lose, default).AsTask()));
        Assert.Empty(Wait(_store.LeasesAsync(study, default).AsTask()));
        Finish(Start(new() { Study = study }));
        Assert.Equal(StudyStatus.Completed, Read(study).Status);
        var expired = Assert.Single(Wait(_store.ReadAsync(study, 0, default).AsTask()).Select(e => e.Event).OfType<LeaseExpired>());
        Assert.Equal(work.Fence, expired.Fence);
    }

    private StudyId Launch(int trials) => Wait(StudyLauncher.CreateAsync(
        _store, new("test", TestSpace.Json(trials), TestSpace.Corpus, null, DisturbancePolicy.Accept), new Random(trials), default));

    /// <summary>Appends an event that can't have happened.</summary>
    private void Break(StudyId study)
    {
        var state = Read(study);
        var never = new TrialPromoted(_time.GetUtcNow(), new(7), 1, new(0, 1, 0, 1, 1));
        Assert.True(Wait(_store.TryAppendAsync(new(study, state.Sequence, [never], [], state.Summary), default).AsTask()));
    }

    private SiloDescription Silo(string name) => new(new(name), new("class"), "host", 1, 1, 1, _time.GetUtcNow(), SiloActivity.Idle, "");

    private Task<SiloExit> Start(WorkerOptions options)
    {
        var machine = new Machine("a", new Faults(1, _time) { AreOn = false }, 1);
        var coordinator = new LedgerCoordinator(_store, TestSpace.Plan, options, _time);
        var runner = new SimulatedRunner(machine, _artifacts, [], _time);
        var services = new WorkerServices(_store, _artifacts, coordinator, runner, TestSpace.Plan, _time)
        {
            Probe = new SimulatedProbe(machine), Notify = _notices.Add, DrawToken = () => new("token"),
        };
        return new SiloWorker(Silo("a"), services, options).RunAsync(default);
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
