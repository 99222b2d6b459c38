using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Silo.Grains;
using TuneGrid.Silo.Membership;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;
using OrleansStatus = Orleans.Runtime.SiloStatus;

namespace TuneGrid.Silo.Hosting;

/// <summary>
/// This process as an Orleans silo: a member of the cluster that its store keeps, hosting the grains of studies, trials and of itself.
/// Dispose of it to leave in good order.
/// </summary>
internal sealed class ClusterSilo : IClusterMember
{
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(2);
    private readonly IHost _host;

    private ClusterSilo(IHost host, GrainServices grid, ISegmentRunner runner, CancellationTokenSource evicted)
    {
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var address = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        (_host, Evicted) = (host, evicted.Token);
        var members = host.Services.GetRequiredService<ISiloStatusOracle>();
        members.SubscribeToSiloStatusEvents(new DeathWatch(grid.Signal));
        Coordinator = new ClusterCoordinator(grains, grid, new(members, grid.HasEnded, _ => { }));
        Runner = new TrialGrainRunner(runner, grains, grid, address);
    }

    /// <inheritdoc/>
    public IStudyCoordinator Coordinator { get; }

    /// <inheritdoc/>
    public ISegmentRunner Runner { get; }

    /// <inheritdoc/>
    public CancellationToken Evicted { get; }

    /// <inheritdoc cref="JoinCluster"/>
    public static async Task<IClusterMember> JoinAsync(
        SiloDescription silo, ISegmentRunner runner, OpenedStore store, SiloSettings settings, CancellationToken cancellation)
    {
        var (evicted, began) = (new CancellationTokenSource(), TimeProvider.System.GetUtcNow());
        var (address, security) = (settings.Listen.Listen, settings.Listen.Security);
        var cluster = await ClusterName.OfAsync(store.Texts, address, security, settings.WireVersion, cancellation);
        var grid = new GrainServices(silo, store.Studies, SpacePlanner.Read, settings.Options, TimeProvider.System)
        {
            HasEnded = LifeSign.In(settings).IsGone,
            Artifacts = store.Artifacts,
        };
        var host = Build(grid, store, cluster, settings.Listen, evicted);
        try
        {
            await host.StartAsync(cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            await SiloShutdown.EndAsync(host, LeaveWithin);
            if (exception is StoreUnavailableException or StoreUnusableException)
                throw;
            var why = security.RefusalSince(began) ?? exception.Message.ReplaceLineEndings(" ");
            throw new IOException(
                $"this silo can't join its cluster ({why}): check --listen and that the silos reach each other", exception);
        }
        return new ClusterSilo(host, grid, runner, evicted);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Who was declared dead has nothing to hand over; if another takes longer, its cluster will notice.
        await SiloShutdown.EndAsync(_host, Evicted.IsCancellationRequested ? TimeSpan.Zero : LeaveWithin);
    }

    /// <summary>
    /// What every silo has, whatever its clustering: the grains' services, placement, liveness, wire format, joined traces.
    /// </summary>
    internal static void Configure(ISiloBuilder orleans, GrainServices grid)
    {
        orleans.Services.AddSingleton(grid);
        // Its name is the one that the ledger's leases carry: so a death in the cluster tells which leases are free.
        orleans.Configure<SiloOptions>(o => o.SiloName = grid.Silo.Id.Value);
        orleans.AddActivityPropagation();
        orleans.Services.AddPlacementDirector<OnSilo, OnSiloDirector>();
        WireFormat.Configure(orleans.Services);
        Liveness.Configure(orleans.Services);
    }

    private static IHost Build(
        GrainServices grid, OpenedStore store, string cluster, OrleansOptions listen, CancellationTokenSource evicted)
    {
        var builder = QuietHost.CreateBuilder();
        builder.Services.AddSingleton(store.Texts).AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IMembershipTable, StoreMembershipTable>();
        builder.Services.AddSingleton<IFatalErrorHandler>(new EvictionHandler(evicted));
        builder.UseOrleans(orleans =>
        {
            var (port, gateway) = listen.Port > 0 ? (listen.Port, listen.Port + 1) : FreePorts(listen.Listen);
            Configure(orleans, grid);
            listen.Security.Secure(orleans);
            orleans.Configure<ClusterOptions>(o => (o.ServiceId, o.ClusterId) = (ClusterName.Service, cluster));
            orleans.Configure<EndpointOptions>(o => (o.AdvertisedIPAddress, o.SiloPort, o.GatewayPort) = (listen.Listen, port, gateway));
        });
        return builder.Build();
    }

    private static (int Silo, int Gateway) FreePorts(IPAddress listen)
    {
        using var first = new TcpListener(listen, 0);
        using var second = new TcpListener(listen, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }

    /// <summary>Orleans ends the process of a silo that its cluster has declared dead; ours joins again.</summary>
    private sealed class EvictionHandler(CancellationTokenSource evicted) : IFatalErrorHandler
    {
        public bool IsUnexpected(Exception exception) => true;

        // Not on Orleans' own thread: what is cancelled may run for a while.
        public void OnFatalException(object? sender, string? context, Exception? exception) => _ = Task.Run(evicted.Cancel);
    }

    /// <summary>
    /// A death may free a trial, and the study's grain may have died with the silo: idle silos ask at once, wherever it comes to life
    /// again.
    /// </summary>
    private sealed class DeathWatch(WorkSignal signal) : ISiloStatusListener
    {
        public void SiloStatusChangeNotification(SiloAddress updatedSilo, OrleansStatus status)
        {
            if (status == OrleansStatus.Dead)
                signal.Pulse();
        }
    }
}
