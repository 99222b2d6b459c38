using Orleans.TestingHost;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers;
using TuneGrid.Silo.Grains;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Membership;
using TuneGrid.Simulation;
using TuneGrid.Simulation.Stores;
using TuneGrid.Testing.Contracts;
using TuneGrid.Testing.Faults;

namespace TuneGrid.Silo.Tests.Clusters;

/// <summary>Silos of the grid on clusters of two to four Orleans silos.</summary>
public sealed class ClusterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>What happens within the patience of a test was not learned from a heartbeat.</summary>
    private static WorkerOptions SlowHeartbeat => new() { TimeToLive = TimeSpan.FromMinutes(5), Heartbeat = TimeSpan.FromMinutes(1) };

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_study_is_shared_and_finished(int silos)
    {
        await using var cluster = await GridCluster.StartAsync(silos);
        var study = await cluster.LaunchAsync(60);
        await Task.WhenAll(cluster.Silos.Select(s => cluster.Work(s, Trainer(cluster, s), study))).WaitAsync(Patience);
        await CheckAsync(cluster, study, 60);
    }

    [Fact]
    public async Task A_killed_silo_s_trial_runs_elsewhere_long_before_its_lease_ends_and_one_that_joins_gets_work()
    {
        await using var cluster = await GridCluster.StartAsync(3);
        var study = await cluster.LaunchAsync(30);
        // The one that dies also hosts the study's grain: it asks first, and the grain is placed where it was called.
        var doomed = cluster.Silos[0];
        var held = new TestTrainer(cluster.Artifacts, "doomed") { IsHeld = true };
        _ = cluster.Work(doomed, held, study);
        var order = await held.Started.WaitAsync(Patience);

        var trainers = cluster.Silos.Where(s => s != doomed).Select(s => (Silo: s, Trainer: Trainer(cluster, s))).ToList();
        var killed = cluster.KillAsync(doomed);
        var added = await cluster.AddAsync();
        trainers.Add((added, Trainer(cluster, added)));
        var loops = trainers.Select(t => cluster.Work(t.Silo, t.Trainer, study)).ToList();
        await killed;
        await UntilAsync(cluster, study, s => s.Trial(order.Trial).Segments.Count > 1);

        await Task.WhenAll(loops).WaitAsync(Patience);
        await CheckAsync(cluster, study, 30);
        Assert.Contains(order.Trial, trainers.SelectMany(t => t.Trainer.Orders).Select(o => o.Trial));
        Assert.NotEmpty(trainers[^1].Trainer.Orders);
        // Its lease would have lasted five minutes, longer than anybody waits here: it was the cluster that noticed.
    }

    [Fact]
    public async Task A_study_goes_on_when_its_whole_cluster_was_restarted()
    {
        var store = new InMemoryStudyStore(TimeProvider.System);
        Assignment held;
        StudyId study;
        await using (var first = await GridCluster.StartAsync(2, store))
        {
            study = await first.LaunchAsync(30);
            var trainer = new TestTrainer(first.Artifacts, "held") { IsHeld = true };
            _ = first.Work(first.Silos[0], trainer, study);
            held = await trainer.Started.WaitAsync(Patience);
            _ = first.Work(first.Silos[1], Trainer(first, first.Silos[1]), study);
            await UntilAsync(first, study, s => s.Trials.Count == 30);
        }
        await using var second = await GridCluster.StartAsync(2, store);
        await Task.WhenAll(second.Silos.Select(s => second.Work(s, Trainer(second, s), study))).WaitAsync(Patience);
        await CheckAsync(second, study, 30);
        var segments = (await second.ReadAsync(study)).Trial(held.Trial).Segments;
        Assert.Equal(SegmentEnd.Paused, segments[0].End);
        Assert.True(segments.Count > 1);
    }

    [Fact]
    public async Task A_trial_s_grain_lives_where_its_lease_is_and_can_be_paused_from_anywhere()
    {
        await using var cluster = await GridCluster.StartAsync(3);
        var study = await cluster.LaunchAsync(9);
        var trainers = cluster.Silos.Select(s => (Silo: s, Trainer: new TestTrainer(cluster.Artifacts, s.Name) { IsHeld = true })).ToList();
        trainers.ForEach(t => cluster.Work(t.Silo, t.Trainer, study));
        var orders = await Task.WhenAll(trainers.Select(t => t.Trainer.Started)).WaitAsync(Patience);
        foreach (var (silo, order) in trainers.Select(t => t.Silo).Zip(orders))
        {
            var trial = cluster.Client.GetGrain<ITrialGrain>(LocalSegments.KeyOf(study, order.Trial));
            Assert.Equal(silo.SiloAddress, await WhereAsync(cluster, trial));
        }
        Assert.True(await cluster.Client.GetGrain<ITrialGrain>(LocalSegments.KeyOf(study, orders[2].Trial)).PauseAsync());
        await UntilAsync(cluster, study, s => s.Trial(orders[2].Trial).Segments[0].End == SegmentEnd.Paused);
    }

    [Fact]
    public async Task A_cancelled_study_stops_its_segments_at_once()
    {
        await using var cluster = await GridCluster.StartAsync(2, options: SlowHeartbeat);
        var study = await cluster.LaunchAsync(9);
        var trainer = new TestTrainer(cluster.Artifacts, "held") { IsHeld = true };
        var loop = cluster.Work(cluster.Silos[1], trainer, study);
        await trainer.Started.WaitAsync(Patience);
        await cluster.Client.GetGrain<IStudyGrain>(study.Value).TendAsync();

        // By the store alone, as `tunegrid cancel` does it; the next heartbeat is a minute away.
        Assert.True(await new StudyFollower(cluster.Store, study, TestSpace.Plan).CancelAsync("enough", CancellationToken.None));
        await trainer.Abandoned.Task.WaitAsync(Patience);
        Assert.Equal(SiloExit.StudyOver, await loop.WaitAsync(Patience));
        Assert.False(await cluster.Client.GetGrain<IStudyGrain>(study.Value).CancelAsync("again"));
    }

    [Fact]
    public async Task A_promoted_trial_goes_to_the_idle_silo_that_has_its_checkpoint()
    {
        var time = new MovedTime();
        await using var cluster = await GridCluster.StartAsync(2, time: time);
        var study = await cluster.LaunchAsync(1);
        var (home, other) = (cluster.Silos[0], cluster.Silos[1]);
        var (homeCoordinator, otherCoordinator) = (cluster.CoordinatorOf(home), cluster.CoordinatorOf(other));
        var work = (await AskAsync(homeCoordinator, home, study)).Work!;
        Assert.True(
            (await homeCoordinator.ReportAsync(work, new SegmentOutcome.Stopped(3, new(new string('a', 64))), null, default)).IsRecorded);
        // A stranger takes it, so that its old home finds nothing and is known as idle; then the stranger falls silent.
        var stranger = GridCluster.GridOf(other).Silo with { Id = new("stranger") };
        Assert.NotNull((await otherCoordinator.AskAsync(study, new(stranger, false, new("token")), default)).Work);
        Assert.Null((await AskAsync(homeCoordinator, home, study)).Work);
        time.Move(TimeSpan.FromMinutes(6));

        // Both are free now; the other one asks first, and is asked to let the first have it.
        Assert.Null((await AskAsync(otherCoordinator, other, study)).Work);
        await GridCluster.GridOf(home).Signal.WaitAsync(default).WaitAsync(Patience);
        Assert.Equal(work.Trial, (await AskAsync(homeCoordinator, home, study)).Work!.Trial);
        Assert.Equal(GridCluster.GridOf(home).Silo.Id, (await cluster.ReadAsync(study)).Trials[0].Segments[^1].Silo);
    }

    [Theory]
    [InlineData(DrainRequest.AfterSegment)]
    [InlineData(DrainRequest.Now)]
    public async Task A_silo_is_drained_through_its_grain_which_lives_on_it(DrainRequest request)
    {
        await using var cluster = await GridCluster.StartAsync(2, options: SlowHeartbeat);
        var silo = cluster.Silos[1];
        var study = await cluster.LaunchAsync(9);
        var trainer = new TestTrainer(cluster.Artifacts, silo.Name) { IsHeld = request == DrainRequest.Now };
        var loop = cluster.Work(silo, trainer);
        var work = await trainer.Started.WaitAsync(Patience);
        var grain = cluster.Client.GetGrain<ISiloGrain>(GridCluster.GridOf(silo).Silo.Id.Value);
        Assert.True(await grain.DrainAsync(request));
        Assert.Equal(silo.SiloAddress, await WhereAsync(cluster, grain));
        // In a hurry, the held segment is paused long before the next heartbeat could have told it.
        Assert.Equal(SiloExit.Drained, await loop.WaitAsync(Patience));
        if (request == DrainRequest.Now)
            Assert.Equal(SegmentEnd.Paused, (await cluster.ReadAsync(study)).Trial(work.Trial).Segments[0].End);
    }

    [Fact]
    public async Task A_silo_that_is_not_there_has_no_grain()
    {
        await using var cluster = await GridCluster.StartAsync(1);
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.Client.GetGrain<ISiloGrain>("nobody-1-abcd").DrainAsync(DrainRequest.Now));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_paused_study_pauses_its_segments_at_once_and_a_resumed_one_goes_on(bool isGrains)
    {
        await using var cluster = await GridCluster.StartAsync(2, options: SlowHeartbeat);
        var study = await cluster.LaunchAsync(9);
        var trainer = new TestTrainer(cluster.Artifacts, "held") { IsHeld = true };
        var loop = cluster.Work(cluster.Silos[1], trainer, study);
        var work = await trainer.Started.WaitAsync(Patience);
        var grain = cluster.Client.GetGrain<IStudyGrain>(study.Value);
        var store = new StudyFollower(cluster.Store, study, TestSpace.Plan);
        // By the store alone too, as from a machine that can't reach the cluster: the grain sees it there.
        Assert.True(isGrains ? await grain.PauseAsync("lunch") : await store.PauseAsync("lunch", default));
        await UntilAsync(cluster, study, s => s.Trial(work.Trial).Segments[0].End == SegmentEnd.Paused);
        Assert.Equal(StudyStatus.Paused, (await cluster.ReadAsync(study)).Status);
        Assert.False(await grain.PauseAsync("again"));
        Assert.True(isGrains ? await grain.ResumeAsync() : await store.ResumeAsync(default));
        Assert.Equal(SiloExit.StudyOver, await loop.WaitAsync(Patience));
        await CheckAsync(cluster, study, 9);
    }

    [Fact]
    public async Task A_cancelled_trial_stops_at_once_and_the_study_goes_on_without_it()
    {
        await using var cluster = await GridCluster.StartAsync(2, options: SlowHeartbeat);
        var study = await cluster.LaunchAsync(9);
        var trainer = new TestTrainer(cluster.Artifacts, "held") { IsHeld = true };
        var loop = cluster.Work(cluster.Silos[1], trainer, study);
        var work = await trainer.Started.WaitAsync(Patience);
        var grain = cluster.Client.GetGrain<IStudyGrain>(study.Value);
        await grain.TendAsync();
        Assert.True(await grain.CancelTrialAsync(work.Trial.Number, "enough of it"));
        await trainer.Abandoned.Task.WaitAsync(Patience);
        Assert.Equal(SiloExit.StudyOver, await loop.WaitAsync(Patience));
        Assert.Equal(
            FailureKind.Cancelled, Assert.IsType<TrialPhase.Failed>((await cluster.ReadAsync(study)).Trial(work.Trial).Phase).Kind);
        Assert.False(await grain.CancelTrialAsync(work.Trial.Number, "again"));
        Assert.False(await grain.CancelTrialAsync(99, "no such trial"));
    }

    [Fact]
    public async Task A_damaged_ledger_is_named_through_the_grain()
    {
        await using var cluster = await GridCluster.StartAsync(2);
        var study = await StudyLauncher.CreateAsync(
            cluster.Store, new("broken", "garbage", TestSpace.Corpus, null, default), new Random(1), default);
        var fault = await Assert.ThrowsAsync<LedgerCorruptException>(
            () => AskAsync(cluster.CoordinatorOf(cluster.Silos[0]), cluster.Silos[1], study).AsTask());
        Assert.Equal(study, fault.Study);
        Assert.StartsWith($"study {study}: the ledger is damaged at event 1: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(fault.Message, fault.Of(study).Message);
    }

    [Fact]
    public async Task Observers_hear_of_every_change_and_of_progress()
    {
        await using var cluster = await GridCluster.StartAsync(2);
        var study = await cluster.LaunchAsync(3);
        var observer = new Observer();
        await cluster.Client.GetGrain<IStudyGrain>(study.Value)
            .SubscribeAsync(cluster.Client.CreateObjectReference<IStudyObserver>(observer));
        var trainer = new TestTrainer(cluster.Artifacts, cluster.Silos[1].Name) { IsHeld = true };
        var loop = cluster.Work(cluster.Silos[1], trainer, study);
        // What comes after its segment was reported is dropped.
        await UntilAsync(cluster, () => Task.FromResult(observer.Progressed > 0));
        trainer.Release();
        await loop.WaitAsync(Patience);
        var last = (await cluster.ReadAsync(study)).Sequence;
        await UntilAsync(cluster, () => Task.FromResult(observer.Sequence == last));
    }

    private static TestTrainer Trainer(GridCluster cluster, InProcessSiloHandle silo) => new(cluster.Artifacts, silo.Name);

    private static ValueTask<WorkAnswer> AskAsync(IStudyCoordinator coordinator, InProcessSiloHandle silo, StudyId study)
        => coordinator.AskAsync(study, new(GridCluster.GridOf(silo).Silo, false, new(silo.Name)), default);

    private static async Task<SiloAddress?> WhereAsync(GridCluster cluster, IGrain grain)
        => await cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);

    private static async Task CheckAsync(GridCluster cluster, StudyId study, int trials)
    {
        var ledger = await cluster.Store.ReadAsync(study, 0, CancellationToken.None);
        LedgerInvariants.Check(ledger);
        var state = await cluster.ReadAsync(study);
        Assert.Equal((StudyStatus.Completed, trials), (state.Status, state.Trials.Count));
    }

    private static Task UntilAsync(GridCluster cluster, StudyId study, Func<StudyState, bool> holds)
        => UntilAsync(cluster, async () => holds(await cluster.ReadAsync(study)));

    /// <summary>Looks again at every change of the store, and now and then.</summary>
    private static async Task UntilAsync(GridCluster cluster, Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var cursor = 0L; !await holds();)
            cursor = await cluster.Store.WaitForChangeAsync(cursor, TimeSpan.FromMilliseconds(100), patience.Token);
    }

    private sealed class Observer : IStudyObserver
    {
        private long _sequence;
        private int _progressed;

        public long Sequence => Interlocked.Read(ref _sequence);

        public int Progressed => Volatile.Read(ref _progressed);

        public Task ChangedAsync(long sequence)
        {
            // News may overtake each other.
            for (var known = Sequence;
                sequence > known && Interlocked.CompareExchange(ref _sequence, sequence, known) != known;
                known = Sequence)
            {
            }
            return Task.CompletedTask;
        }

        public Task ProgressedAsync(int trial, SegmentProgress progress)
        {
            Interlocked.Increment(ref _progressed);
            return Task.CompletedTask;
        }
    }
}
