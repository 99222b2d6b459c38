using System.Diagnostics;
using System.Globalization;
using TuneGrid.Coordination;
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
using TuneGrid.Storage;
using TuneGrid.Testing.Processes;
using TuneGrid.Testing.Servers;
using Xunit.Abstractions;

namespace TuneGrid.Silo.Tests.Clusters;

/// <summary>
/// What the grains cost, beside deciding at the ledger, on the same store. Prints; what it asserts is only that the work was done.
/// </summary>
[Collection(PostgresTests.Name)] // Only so that the two never run at once.
[Trait("Category", "Slow")]
public sealed class SpeedTests(ITestOutputHelper output)
{
    private const int Silos = 4, Trials = 1000, WakeUps = 100, Cancellations = 20;

    [Fact]
    public async Task A_thousand_tiny_trials_over_four_silos()
    {
        using var sandbox = new Sandbox();
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        await using var cluster = await GridCluster.StartAsync(Silos, store.Studies);
        await RunAsync(cluster, Trials / 10, isGrains: true);
        await RunAsync(cluster, Trials / 10, isGrains: false);
        var (grains, alone) = (await RunAsync(cluster, Trials, isGrains: true), await RunAsync(cluster, Trials, isGrains: false));
        Print($"{Trials} trials over {Silos} silos: {grains.TotalSeconds:F2} s with grains");
        Print($"{alone.TotalSeconds:F2} s with the store (SQLite) alone: grains have {alone / grains:F2} of its speed");
        Print($"grain calls cost {(grains - alone).TotalMilliseconds * Silos / Trials:F2} ms a trial");
    }

    [Fact]
    public async Task Work_reaches_an_idle_silo()
    {
        await using var cluster = await GridCluster.StartAsync(2);
        var study = await cluster.LaunchAsync(1);
        var (busy, idle) = (cluster.Silos[0], cluster.Silos[1]);
        var (busyCoordinator, idleCoordinator) = (cluster.CoordinatorOf(busy), cluster.CoordinatorOf(idle));
        var times = new List<double>();
        for (var i = 0; i < WakeUps; i++)
        {
            var work = (await AskAsync(busyCoordinator, "busy", study)).Work!;
            Assert.Null((await AskAsync(idleCoordinator, "idle", study)).Work);
            var cursor = await cluster.Store.WaitForChangeAsync(0, TimeSpan.Zero, default);
            var taken = Task.Run(async () =>
            {
                while (true)
                {
                    cursor = await idleCoordinator.WaitAsync(cursor, TimeSpan.FromSeconds(5), default);
                    if ((await AskAsync(idleCoordinator, "idle", study)).Work is { } mine)
                        return (mine, Stopwatch.GetTimestamp());
                }
            });
            var start = Stopwatch.GetTimestamp();
            await busyCoordinator.ReportAsync(work, new SegmentOutcome.Stopped(0, null), null, default);
            var (order, end) = await taken;
            times.Add(Stopwatch.GetElapsedTime(start, end).TotalMilliseconds);
            await idleCoordinator.ReportAsync(order, new SegmentOutcome.Stopped(0, null), null, default);
        }
        var (median, most) = (times.Order().ElementAt(WakeUps / 2), times.Order().ElementAt(WakeUps * 99 / 100));
        Print($"from a report to the order in the idle silo: median {median:F2} ms, 99 % within {most:F2} ms");
    }

    /// <summary>
    /// Through the grain, and as <c>tunegrid cancel</c> does it, by the store alone; the next heartbeat is a minute away.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancelled_study_stops_its_segments(bool isGrains)
    {
        await using var cluster = await GridCluster.StartAsync(
            2, options: new() { TimeToLive = TimeSpan.FromMinutes(5), Heartbeat = TimeSpan.FromMinutes(1) });
        var times = new List<double>();
        for (var i = 0; i < Cancellations; i++)
        {
            var study = await cluster.LaunchAsync(1);
            var trainer = new TestTrainer(cluster.Artifacts, "held") { IsHeld = true };
            var loop = cluster.Work(cluster.Silos[1], trainer, study);
            await trainer.Started;
            var grain = cluster.Client.GetGrain<IStudyGrain>(study.Value);
            await grain.TendAsync();
            var start = Stopwatch.GetTimestamp();
            Assert.True(
                isGrains
                    ? await grain.CancelAsync("enough")
                    : await new StudyFollower(cluster.Store, study, TestSpace.Plan).CancelAsync("enough", default));
            await trainer.Abandoned.Task;
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await loop;
        }
        var (place, median) = (isGrains ? "through the grain" : "in the store", times.Order().ElementAt(Cancellations / 2));
        Print($"from a cancellation {place} to the segment's end: median {median:F1} ms, at most {times.Max():F1} ms");
    }

    private static async Task<TimeSpan> RunAsync(GridCluster cluster, int trials, bool isGrains)
    {
        var study = await cluster.LaunchAsync(trials);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(cluster.Silos.Select(silo =>
        {
            var trainer = new TestTrainer(cluster.Artifacts, silo.Name);
            if (isGrains)
                return cluster.Work(silo, trainer, study);
            var options = cluster.Options with { Study = study };
            var coordinator = new LedgerCoordinator(cluster.Store, TestSpace.Plan, options, cluster.Time);
            var services = new WorkerServices(cluster.Store, cluster.Artifacts, coordinator, trainer, TestSpace.Plan, cluster.Time)
            {
                DrawToken = () => new(silo.Name),
            };
            return Task.Run(() => new SiloWorker(GridCluster.GridOf(silo).Silo, services, options).RunAsync(default));
        }));
        var elapsed = clock.Elapsed;
        var state = await cluster.ReadAsync(study);
        Assert.Equal((StudyStatus.Completed, trials), (state.Status, state.Trials.Count));
        return elapsed;
    }

    private static ValueTask<WorkAnswer> AskAsync(IStudyCoordinator coordinator, string silo, StudyId study)
        => coordinator.AskAsync(
            study, new(new(new(silo), new("class-a"), "host", 1, 1, 1, default, SiloActivity.Idle, ""), false, new(silo)), default);

    private void Print(FormattableString line)
    {
        var text = line.ToString(CultureInfo.InvariantCulture);
        output.WriteLine(text);
        Console.WriteLine(text);
    }
}
