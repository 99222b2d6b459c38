using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Simulation;
using TuneGrid.Simulation.Stores;

namespace TuneGrid.Testing.Contracts;

/// <summary>Real time, moved forward by hand where a lease has to run out.</summary>
internal sealed class MovedTime : TimeProvider
{
    private long _movedTicks;

    public void Move(TimeSpan by) => Interlocked.Add(ref _movedTicks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _movedTicks));

    public override long GetTimestamp() =>
        System.GetTimestamp() + (Interlocked.Read(ref _movedTicks) * System.TimestampFrequency / TimeSpan.TicksPerSecond);
}

/// <summary>
/// What every <see cref="IStudyCoordinator"/> must do: the rules of the grid as a silo meets them. Each test has a study of its own.
/// </summary>
public abstract class StudyCoordinatorContract : IAsyncLifetime
{
    private protected static readonly HardwareClass Class = new("class-a");
    private protected static readonly CancellationToken None = CancellationToken.None;

    private protected MovedTime Time { get; } = new();

    private protected InMemoryStudyStore Store { get; }

    private protected WorkerOptions Options { get; } = new() { TimeToLive = TimeSpan.FromSeconds(30), Heartbeat = TimeSpan.Zero };

    protected StudyCoordinatorContract() => Store = new(Time);

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>A coordinator over <see cref="Store"/>; another each time.</summary>
    private protected abstract IStudyCoordinator NewCoordinator();

    [Fact]
    public async Task The_fence_is_that_of_the_lease()
    {
        var (coordinator, study) = (NewCoordinator(), await LaunchAsync(3));
        var work = await TakeAsync(coordinator, study, "a");
        var lease = Assert.Single(await Store.LeasesAsync(study, None));
        Assert.Equal((work.Trial, work.Fence, new SiloId("a")), (lease.Trial, lease.Fence, lease.Silo));
        Assert.Equal((study, 0, 0, false), (work.Study, work.Segment, work.Rung, work.IsLast));
    }

    [Fact]
    public async Task A_lease_whose_answer_was_lost_is_taken_up()
    {
        var (coordinator, study) = (NewCoordinator(), await LaunchAsync(3));
        var work = await TakeAsync(coordinator, study, "a");
        foreach (var again in new[] { await TakeAsync(coordinator, study, "a"), await TakeAsync(NewCoordinator(), study, "a") })
            Assert.Equal((work.Trial, work.Fence, work.Segment), (again.Trial, again.Fence, again.Segment));
    }

    [Fact]
    public async Task A_report_whose_answer_was_lost_is_known_again()
    {
        var (coordinator, study) = (NewCoordinator(), await LaunchAsync(3));
        var work = await TakeAsync(coordinator, study, "a");
        Assert.True((await coordinator.ReportAsync(work, Reached(work, 1), null, None)).IsRecorded);
        Assert.True((await coordinator.ReportAsync(work, Reached(work, 1), null, None)).IsRecorded);
        Assert.True((await NewCoordinator().ReportAsync(work, Reached(work, 1), null, None)).IsRecorded);
        Assert.Single(await EventsAsync<RungReached>(study));
    }

    [Fact]
    public async Task A_report_brings_the_next_work_with_it()
    {
        var (coordinator, study) = (NewCoordinator(), await LaunchAsync(3));
        var first = await TakeAsync(coordinator, study, "a");
        var answer = await coordinator.ReportAsync(first, Reached(first, 1), Request("a"), None);
        Assert.True(answer.IsRecorded);
        var lease = Assert.Single(await Store.LeasesAsync(study, None));
        Assert.Equal((answer.Next!.Trial, answer.Next.Fence, new SiloId("a")), (lease.Trial, lease.Fence, lease.Silo));
        Assert.NotEqual(first.Trial, lease.Trial);
        // The answer may be lost: the report is known again, and the lease is taken up.
        Assert.Null((await coordinator.ReportAsync(first, Reached(first, 1), Request("a"), None)).Next);
        Assert.Equal(lease.Fence, (await TakeAsync(coordinator, study, "a")).Fence);
    }

    [Fact]
    public async Task The_next_work_is_decided_on_the_report_it_comes_with()
    {
        var (coordinator, study) = (NewCoordinator(), await LaunchAsync(3));
        var work = await TakeAsync(coordinator, study, "a");
        // The last of three and the best: it goes up at once, under a new fence.
        for (var score = 3; score > 1; score--)
            work = (await coordinator.ReportAsync(work, Reached(work, score), Request("a"), None)).Next!;
        var promoted = (await coordinator.ReportAsync(work, Reached(work, 1), Request("a"), None)).Next!;
        Assert.Equal((work.Trial, 1, true), (promoted.Trial, promoted.Rung, promoted.Fence.Value > work.Fence.Value));
        Assert.Equal(promoted.Fence, Assert.Single(await Store.LeasesAsync(study, None)).Fence);
    }

    [Fact]
    public async Task Whoever_reports_under_an_old_fence_gets_no_work_along_with_it()
    {
        var (coordinator, study) = (NewCoordinator(), await LaunchAsync(3));
        var slept = await TakeAsync(coordinator, study, "slept");
        Time.Move(TimeSpan.FromMinutes(1));
        await TakeAsync(coordinator, study, "other");
        var late = await coordinator.ReportAsync(slept, Reached(slept, 0.1), Request("slept"), None);
        Assert.Equal((false, null), (late.IsRecorded, late.Next));
        Assert.Equal(new SiloId("other"), Assert.Single(await Store.LeasesAsync(study, None)).Silo);
    }

    [Fact]
    public async Task A_silo_that_never_stops_to_ask_still_finds_the_leases_that_ran_out()
    {
        var (coordinator, study) = (NewCoordinator(), await LaunchAsync(9));
        var (lost, work) = (await TakeAsync(coordinator, study, "lost"), await TakeAsync(coordinator, study, "busy"));
        Time.Move(TimeSpan.FromSeconds(20));
        await Store.RenewAsync(study, work.Trial, work.Fence, Options.TimeToLive, null, None);
        Time.Move(TimeSpan.FromSeconds(20));
        Assert.Equal(lost.Trial, (await coordinator.ReportAsync(work, Reached(work, 1), Request("busy"), None)).Next!.Trial);
        Assert.Single(await EventsAsync<LeaseExpired>(study));
    }

    [Fact]
    public async Task A_report_under_an_old_fence_is_refused()
    {
        var (coordinator, study) = (NewCoordinator(), await LaunchAsync(1));
        var slept = await TakeAsync(coordinator, study, "slept");
        Time.Move(TimeSpan.FromMinutes(1));
        var resumed = await TakeAsync(coordinator, study, "other");
        Assert.Equal(slept.Trial, resumed.Trial);
        Assert.False((await coordinator.ReportAsync(slept, Reached(slept, 0.1), null, None)).IsRecorded);
        Assert.True((await coordinator.ReportAsync(resumed, Reached(resumed, 2), null, None)).IsRecorded);
        Assert.Equal(2, Assert.Single(await EventsAsync<RungReached>(study)).Result.BitsPerByte);
    }

    [Fact]
    public async Task A_paused_trial_goes_on_from_its_checkpoint_on_whatever_silo_asks()
    {
        var (coordinator, study) = (NewCoordinator(), await LaunchAsync(3));
        var work = await TakeAsync(coordinator, study, "a");
        Assert.True((await coordinator.ReportAsync(work, new SegmentOutcome.Stopped(12, Artifact(7)), null, None)).IsRecorded);
        var resumed = await TakeAsync(NewCoordinator(), study, "b");
        Assert.Equal((work.Trial, Artifact(7)), (resumed.Trial, resumed.Checkpoint));
    }

    [Fact]
    public async Task A_damaged_checkpoint_sends_the_trial_back_to_the_one_before()
    {
        var (coordinator, study) = (NewCoordinator(), await LaunchAsync(1));
        foreach (var (amount, artifact) in new[] { (5, 1), (9, 2) })
        {
            var stopped = new SegmentOutcome.Stopped(amount, Artifact(artifact));
            var answer = await coordinator.ReportAsync(await TakeAsync(coordinator, study, "a"), stopped, null, None);
            Assert.True(answer.IsRecorded);
        }
        var work = await TakeAsync(coordinator, study, "b");
        Assert.True(await coordinator.ReportDamageAsync(work, Artifact(2), "torn", None));
        Assert.False(await coordinator.ReportDamageAsync(work, Artifact(2), "torn", None));
        Assert.Equal(Artifact(1), (await TakeAsync(coordinator, study, "b")).Checkpoint);
    }

    [Fact]
    public async Task What_a_report_makes_superfluous_is_named()
    {
        var (coordinator, study) = (NewCoordinator(), await LaunchAsync(1));
        var superfluous = new List<ArtifactHash>();
        for (var i = 0; i < 4; i++)
        {
            var stopped = new SegmentOutcome.Stopped(1 + i, Artifact(i));
            var answer = await coordinator.ReportAsync(await TakeAsync(coordinator, study, "a"), stopped, null, None);
            superfluous.AddRange(answer.Superfluous);
        }
        Assert.Equal([Artifact(0), Artifact(1)], superfluous);
    }

    [Fact]
    public async Task A_study_that_ends_says_so_once_with_its_summary_and_then_that_it_is_over()
    {
        var (coordinator, study) = (NewCoordinator(), await LaunchAsync(1));
        await Store.AnnounceAsync(Silo("a"), None);
        while (await AskAsync(coordinator, study, "a") is { Work: { } work })
            await coordinator.ReportAsync(work, Reached(work, 1), null, None);
        Assert.Equal(StudyStatus.Completed, Assert.Single(await Store.ListAsync(None), s => s.Id == study).Status);
        var after = await AskAsync(coordinator, study, "a");
        Assert.Equal((true, null, null), (after.IsOver, after.Work, after.Ended));
    }

    [Fact]
    public async Task A_damaged_ledger_is_named()
    {
        var broken = await StudyLauncher.CreateAsync(Store, new("broken", "garbage", TestSpace.Corpus, null, default), new Random(1), None);
        var fault = await Assert.ThrowsAsync<LedgerCorruptException>(async () => await AskAsync(NewCoordinator(), broken, "a"));
        Assert.Equal(1, fault.Sequence);
    }

    [Fact]
    public async Task Many_desks_of_one_study_double_and_lose_nothing()
    {
        var study = await LaunchAsync(40);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            var (coordinator, name) = (NewCoordinator(), $"silo-{i}");
            await Store.AnnounceAsync(Silo(name), None);
            for (var idle = 0; idle < 1000; idle++)
            {
                var answer = await AskAsync(coordinator, study, name);
                if (answer.IsOver)
                    return;
                if (answer.Work is not { } work)
                    continue;
                idle = 0;
                var outcome = Reached(work, 1 + (work.Trial.Number * 7919 % 1000 / 1000.0));
                Assert.True((await coordinator.ReportAsync(work, outcome, null, None)).IsRecorded);
            }
        })));
        var trials = await EventsAsync<TrialProposed>(study);
        Assert.Equal(Enumerable.Range(0, 40), trials.Select(t => t.Trial.Number));
        var reached = await EventsAsync<RungReached>(study);
        Assert.Equal(reached.Count, reached.DistinctBy(r => (r.Trial, r.Rung)).Count());
        Assert.Equal(StudyStatus.Completed, Assert.Single(await Store.ListAsync(None), s => s.Id == study).Status);
    }

    [Fact]
    public async Task Many_desks_that_report_and_ask_at_once_double_and_lose_nothing()
    {
        var study = await LaunchAsync(40);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            var (coordinator, name) = (NewCoordinator(), $"silo-{i}");
            Assignment? work = null;
            while (work is not null || (work = (await AskAsync(coordinator, study, name)).Work) is not null)
            {
                var answer = await coordinator.ReportAsync(
                    work, Reached(work, 1 + (work.Trial.Number * 7919 % 1000 / 1000.0)), Request(name), None);
                Assert.True(answer.IsRecorded);
                work = answer.Next;
            }
        })));
        Assert.Equal(Enumerable.Range(0, 40), (await EventsAsync<TrialProposed>(study)).Select(t => t.Trial.Number));
        var reached = await EventsAsync<RungReached>(study);
        Assert.Equal(reached.Count, reached.DistinctBy(r => (r.Trial, r.Rung)).Count());
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_new_work()
    {
        var (coordinator, study) = (NewCoordinator(), await LaunchAsync(1));
        var work = await TakeAsync(coordinator, study, "a");
        Assert.Null((await AskAsync(coordinator, study, "b")).Work);
        var cursor = await coordinator.WaitAsync(0, TimeSpan.Zero, None);
        var waiting = coordinator.WaitAsync(cursor, TimeSpan.FromMinutes(1), None).AsTask();
        await coordinator.ReportAsync(work, new SegmentOutcome.Stopped(3, Artifact(1)), null, None);
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(work.Trial, (await TakeAsync(coordinator, study, "b")).Trial);
    }

    private protected async Task<StudyId> LaunchAsync(int trials)
        => await StudyLauncher.CreateAsync(Store, TestSpace.Study(TestSpace.Json(trials)), new Random(trials), None);

    private protected static SiloDescription Silo(string name) =>
        new(new(name), Class, "host", 1, 1, 1 << 30, default, Coordination.Silos.SiloActivity.Idle, "");

    private protected static ValueTask<WorkAnswer> AskAsync(IStudyCoordinator coordinator, StudyId study, string silo) =>
        coordinator.AskAsync(study, Request(silo), None);

    private protected static WorkRequest Request(string silo) => new(Silo(silo), true, new($"token of {silo}"));

    private protected static async Task<Assignment> TakeAsync(IStudyCoordinator coordinator, StudyId study, string silo)
    {
        var answer = await AskAsync(coordinator, study, silo);
        return answer.Work ?? throw new InvalidOperationException($"{study} has no work for {silo}");
    }

    private protected static ArtifactHash Artifact(int number) => new(FormattableString.Invariant($"{number:x64}"));

    private protected static SegmentOutcome Reached(Assignment work, double score)
    {
        var (amount, unique) = (work.ToAmount, (work.Trial.Number * 100) + work.Rung + 1000);
        return new SegmentOutcome.Reached(
            new(score, 2, amount, amount, 1, 1, 1, 1, score, Artifact(unique), work.IsLast ? Artifact(unique + 1_000_000) : null));
    }

    private protected async Task<List<T>> EventsAsync<T>(StudyId study)
        where T : StudyEvent => [.. (await Store.ReadAsync(study, 0, None)).Select(e => e.Event).OfType<T>()];
}
