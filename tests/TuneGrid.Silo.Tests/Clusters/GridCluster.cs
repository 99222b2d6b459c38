using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using TuneGrid.Cli.Output;
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
using TuneGrid.Simulation.Stores;

namespace TuneGrid.Silo.Tests.Clusters;

/// <summary>
/// Orleans silos in this process over one store in memory. Each may run a worker of the grid, with a trainer that does what the test says.
/// </summary>
internal sealed class GridCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;
    private readonly List<(Task<SiloExit> Run, CancellationTokenSource Stop)> _workers = [];

    private int _tokens;

    private GridCluster(
        IStudyStore store,
        TimeProvider time,
        WorkerOptions options,
        int silos,
        Func<SiloId, HardwareClass> classOf,
        Action<ISiloBuilder>? configure)
    {
        (Store, Time, Options) = (store, time, options);
        var builder = new InProcessTestClusterBuilder((short)silos) { Options = { ConfigureFileLogging = false } };
        builder.ConfigureSilo((silo, orleans) =>
        {
            var id = new SiloId(silo.SiloName);
            var description = new SiloDescription(id, classOf(new(silo.SiloName)), "host", 1, 1, 1 << 30, default, SiloActivity.Idle, "");
            ClusterSilo.Configure(orleans, new(description, Store, TestSpace.Plan, Options, Time));
            configure?.Invoke(orleans);
        });
        builder.ConfigureClient(client =>
        {
            client.AddActivityPropagation();
            WireFormat.Configure(client.Services);
        });
        _cluster = builder.Build();
    }

    public IStudyStore Store { get; }

    public InMemoryArtifactStore Artifacts { get; } = new();

    public TimeProvider Time { get; }

    public WorkerOptions Options { get; }

    public IGrainFactory Client => _cluster.Client;

    public IReadOnlyList<InProcessSiloHandle> Silos => [.. _cluster.GetActiveSilos()];

    public static async Task<GridCluster> StartAsync(
        int silos,
        IStudyStore? store = null,
        TimeProvider? time = null,
        WorkerOptions? options = null,
        Func<SiloId, HardwareClass>? classOf = null,
        Action<ISiloBuilder>? configure = null)
    {
        time ??= TimeProvider.System;
        options ??= new() { TimeToLive = TimeSpan.FromMinutes(5), Poll = TimeSpan.FromSeconds(1), Heartbeat = TimeSpan.FromSeconds(1) };
        classOf ??= _ => new("class-a");
        var cluster = new GridCluster(store ?? new InMemoryStudyStore(time), time, options, silos, classOf, configure);
        await cluster._cluster.DeployAsync();
        return cluster;
    }

    public Task<InProcessSiloHandle> AddAsync() => _cluster.StartAdditionalSiloAsync();

    public Task KillAsync(InProcessSiloHandle silo) => _cluster.KillSiloAsync(silo);

    public static GrainServices GridOf(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<GrainServices>();

    public IStudyCoordinator CoordinatorOf(InProcessSiloHandle silo) => new ClusterCoordinator(
        GrainsOf(silo), GridOf(silo), new(silo.ServiceProvider.GetRequiredService<ISiloStatusOracle>(), _ => false, _ => { }));

    public ISegmentRunner RunnerOf(InProcessSiloHandle silo, ISegmentRunner trainer) =>
        new TrialGrainRunner(trainer, GrainsOf(silo), GridOf(silo), silo.SiloAddress);

    /// <summary>Starts the silo's own worker, as start-silo does.</summary>
    public Task<SiloExit> Work(InProcessSiloHandle silo, ISegmentRunner trainer, StudyId? study = null)
    {
        var stop = new CancellationTokenSource();
        var grid = GridOf(silo);
        var services = new WorkerServices(Store, Artifacts, CoordinatorOf(silo), RunnerOf(silo, trainer), TestSpace.Plan, Time)
        {
            DrawToken = () => new($"{silo.Name} {Interlocked.Increment(ref _tokens)}"),
        };
        var worker = new SiloWorker(grid.Silo, services, Options with { Study = study });
        var run = Task.Run(() => worker.RunAsync(stop.Token));
        _workers.Add((run, stop));
        return run;
    }

    public Task<StudyId> LaunchAsync(int trials, string? trace = null)
        => StudyLauncher.CreateAsync(
            Store, new("test", TestSpace.Json(trials), TestSpace.Corpus, trace, default), new Random(trials), CancellationToken.None);

    public async Task<StudyState> ReadAsync(StudyId study) =>
        StudyState.Replay(study, TestSpace.Plan, await Store.ReadAsync(study, 0, CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, stop) in _workers)
            await stop.CancelAsync();
        await Task.WhenAll(_workers.Select(w => (Task)w.Run)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _cluster.DisposeAsync();
    }

    private static IGrainFactory GrainsOf(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<IGrainFactory>();
}
