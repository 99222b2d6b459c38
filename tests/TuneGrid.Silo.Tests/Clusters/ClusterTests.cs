using Orleans.TestingHost;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Silo.Grains;
using TuneGrid.Simulation;
using TuneGrid.Simulation.Stores;
using TuneGrid.Testing.Contracts;
using TuneGrid.Testing.Faults;

namespace TuneGrid.Silo.Tests.Clusters;

/// <summary>Silos of the grid on clusters of two to four Orleans silos.</summary>
public sealed class ClusterTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_study_is_shared_and_finished(int silos)
    {
        await using var cluster = await GridCluster.StartAsync(silos);
        var study = await cluster.LaunchAsync(60);
        await Task.WhenAll(cluster.Silos.Select(s => cluster.Work(s, Trainer(cluster, s), study))).WaitAsync(s_patience);
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
        var order = await held.Started.WaitAsync(s_patience);

        var trainers = cluster.Silos.Where(s => s != doomed).Select(s => (Silo: s, Trainer: Trainer(cluster, s))).ToList();
        var killed = cluster.KillAsync(doomed);
        var added = await cluster.AddAsync();
        trainers.Add((added, Trainer(cluster, added)));
        var loops = trainers.Select(t => cluster.Work(t.Silo, t.Trainer, study)).ToList();
        await killed;
        await UntilAsync(cluster, study, s => s.Trial(order.Trial).Segments.Count > 1);

        await Task.WhenAll(loops).WaitAsync(s_patience);
        await CheckAsync(cluster, study, 30);
        Assert.Contains(order.Trial, trainers.SelectMany(t => t.Trainer.Orders).Select(o => o.Trial));
        Assert.NotEmpty(trainers[^1].Trainer.Orders);
        // Its lease would have lasted five minutes, longer than anybody waits here: it was the cluster that noticed.
    }

    [Fact]
    public async Task A_study_goes_on_when_its_whole_cluster_was_restarted()
    {
        var store = new InMemoryStudyStore(TimeProvider.System);
        SegmentOrder held;
        StudyId study;
        await using (var first = await GridCluster.StartAsync(2, store))
        {
            study = await first.LaunchAsync(30);
            var trainer = new TestTrainer(first.Artifacts, "held") { IsHeld = true };
            _ = first.Work(first.Silos[0], trainer, study);
            held = await trainer.Started.WaitAsync(s_patience);
            _ = first.Work(first.Silos[1], Trainer(first, first.Silos[1]), study);
            await UntilAsync(first, study, s => s.Trials.Count == 30);
        }
        await using var second = await GridCluster.StartAsync(2, store);
        await Task.WhenAll(second.Silos.Select(s => second.Work(s, Trainer(second, s), study))).WaitAsync(s_patience);
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
        var orders = await Task.WhenAll(trainers.Select(t => t.Trainer.Started)).WaitAsync(s_patience);
        foreach (var (silo, order) in trainers.Select(t => t.Silo).Zip(orders))
        {
            var trial = cluster.Client.GetGrain<ITrialGrain>(LocalSegments.KeyOf(study, order.Trial));
            Assert.Equal(silo.SiloAddress, await WhereAsync(cluster, trial));
            Assert.Equal(order.Trial.Number, (await trial.ProgressAsync())!.Trial);
        }
        Assert.True(await cluster.Client.GetGrain<ITrialGrain>(LocalSegments.KeyOf(study, orders[2].Trial)).PauseAsync());
        await UntilAsync(cluster, study, s => s.Trial(orders[2].Trial).Segments[0].End == SegmentEnd.Paused);
    }

    [Fact]
    public async Task A_cancelled_study_stops_its_segments_at_once()
    {
        await using var cluster = await GridCluster.StartAsync(2, options: new() { TimeToLive = TimeSpan.FromMinutes(5), Heartbeat = TimeSpan.FromMinutes(1) });
        var study = await cluster.LaunchAsync(9);
        var trainer = new TestTrainer(cluster.Artifacts, "held") { IsHeld = true };
        var loop = cluster.Work(cluster.Silos[1], trainer, study);
        await trainer.Started.WaitAsync(s_patience);
        await cluster.Client.GetGrain<IStudyGrain>(study.Value).TendAsync();

        // By the store alone, as `tunegrid cancel` does it; the next heartbeat is a minute away.
        Assert.True(await new StudyWatcher(cluster.Store, study, Simulation.TestSpace.Plan).CancelAsync("enough", CancellationToken.None));
        await trainer.Abandoned.Task.WaitAsync(s_patience);
        Assert.Equal(SiloExit.StudyOver, await loop.WaitAsync(s_patience));
        Assert.False(await cluster.Client.GetGrain<IStudyGrain>(study.Value).CancelAsync("again"));
    }

    [Fact]
    public async Task A_promoted_trial_goes_to_the_idle_silo_that_has_its_checkpoint()
    {
        var time = new MovedTime();
        await using var cluster = await GridCluster.StartAsync(2, time: time);
        var study = await cluster.LaunchAsync(1);
        var (home, other) = (cluster.Silos[0], cluster.Silos[1]);
        var (homeDesk, otherDesk) = (cluster.DeskOf(home), cluster.DeskOf(other));
        var work = (await AskAsync(homeDesk, home, study)).Work!;
        Assert.True((await homeDesk.ReportAsync(work, new SegmentOutcome.Stopped(3, new(new string('a', 64))), null, default)).IsRecorded);
        // A stranger takes it, so that its old home finds nothing and is known as idle; then the stranger falls silent.
        var stranger = GridCluster.GridOf(other).Silo with { Id = new("stranger") };
        Assert.NotNull((await otherDesk.AskAsync(study, new(stranger, false, _ => false), default)).Work);
        Assert.Null((await AskAsync(homeDesk, home, study)).Work);
        time.Move(TimeSpan.FromMinutes(6));

        // Both are free now; the other one asks first, and is asked to let the first have it.
        Assert.Null((await AskAsync(otherDesk, other, study)).Work);
        await GridCluster.GridOf(home).Signal.WaitAsync(default).WaitAsync(s_patience);
        Assert.Equal(work.Order.Trial, (await AskAsync(homeDesk, home, study)).Work!.Order.Trial);
        Assert.Equal(GridCluster.GridOf(home).Silo.Id, (await cluster.ReadAsync(study)).Trials[0].Segments[^1].Silo);
    }

    [Fact]
    public async Task A_silo_is_described_and_drained_through_its_grain()
    {
        await using var cluster = await GridCluster.StartAsync(2);
        var silo = cluster.Silos[1];
        var loop = cluster.Work(silo, Trainer(cluster, silo));
        var grain = cluster.Client.GetGrain<ISiloGrain>(silo.SiloAddress.ToParsableString());
        Assert.Equal(GridCluster.GridOf(silo).Silo.Id, EventJson.ReadSilo(await grain.DescribeAsync())!.Id);
        Assert.Equal(silo.SiloAddress, await WhereAsync(cluster, grain));
        await UntilAsync(cluster, async () => (await cluster.Store.SilosAsync(default)).Count == 1);
        await grain.DrainAsync();
        Assert.Equal(SiloExit.Drained, await loop.WaitAsync(s_patience));
    }

    [Fact]
    public async Task Observers_hear_of_every_change_and_of_progress()
    {
        await using var cluster = await GridCluster.StartAsync(2);
        var study = await cluster.LaunchAsync(3);
        var observer = new Observer();
        await cluster.Client.GetGrain<IStudyGrain>(study.Value).SubscribeAsync(cluster.Client.CreateObjectReference<IStudyObserver>(observer));
        var loop = cluster.Work(cluster.Silos[1], Trainer(cluster, cluster.Silos[1]), study);
        await loop.WaitAsync(s_patience);
        var last = (await cluster.ReadAsync(study)).Sequence;
        await UntilAsync(cluster, () => Task.FromResult(observer.Sequence == last && observer.Progressed > 0));
    }

    private static TestTrainer Trainer(GridCluster cluster, InProcessSiloHandle silo) => new(cluster.Artifacts, silo.Name);

    private static ValueTask<WorkAnswer> AskAsync(IWorkDesk desk, InProcessSiloHandle silo, StudyId study)
        => desk.AskAsync(study, new(GridCluster.GridOf(silo).Silo, false, _ => false), default);

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
        using var patience = new CancellationTokenSource(s_patience);
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
            for (var known = Sequence; sequence > known && Interlocked.CompareExchange(ref _sequence, sequence, known) != known; known = Sequence)
            {
            }
            return Task.CompletedTask;
        }

        public Task ProgressedAsync(ProgressMessage progress)
        {
            Interlocked.Increment(ref _progressed);
            return Task.CompletedTask;
        }
    }
}
