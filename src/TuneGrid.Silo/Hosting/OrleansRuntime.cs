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
using OrleansSiloOptions = Orleans.Configuration.SiloOptions;
using OrleansStatus = Orleans.Runtime.SiloStatus;

namespace TuneGrid.Silo.Hosting;

/// <summary>Makes a silo of the grid an Orleans silo: a member of the cluster that its store keeps, hosting the grains of studies, trials and of itself.</summary>
public sealed class OrleansRuntime(OrleansOptions options) : ISiloRuntime
{
    public async Task<IJoinedSilo> JoinAsync(SiloDescription silo, ISegmentRunner runner, OpenedStore store, WorkerOptions how, CancellationToken cancellation)
    {
        var (evicted, began) = (new CancellationTokenSource(), DateTimeOffset.UtcNow);
        var grid = new GridServices(silo, store.Studies, SpacePlanner.Read, how, TimeProvider.System);
        var cluster = await ClusterName.OfAsync(store.Texts, options.Listen, options.Security, cancellation);
        var builder = QuietHost.CreateBuilder();
        builder.Services.AddSingleton(store.Texts).AddSingleton(TimeProvider.System).AddSingleton<IMembershipTable, StoreMembershipTable>();
        builder.Services.AddSingleton<IFatalErrorHandler>(new EvictionHandler(evicted));
        builder.UseOrleans(orleans =>
        {
            var (port, gateway) = options.Port > 0 ? (options.Port, options.Port + 1) : FreePorts(options.Listen);
            Configure(orleans, grid);
            options.Security.Secure(orleans);
            orleans.Configure<ClusterOptions>(o => (o.ServiceId, o.ClusterId) = (ClusterName.Service, cluster));
            orleans.Configure<EndpointOptions>(o => (o.AdvertisedIPAddress, o.SiloPort, o.GatewayPort) = (options.Listen, port, gateway));
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            host.Dispose();
            throw exception is StoreUnavailableException or StoreUnusableException
                ? exception
                : new IOException(
                    $"this silo can't join its cluster ({options.Security.RefusalSince(began) ?? exception.Message.ReplaceLineEndings(" ")}): check --listen and that the silos reach each other, or start it with --runtime store", exception);
        }
        return new Joined(host, grid, runner, evicted);
    }

    /// <summary>What every silo has, whatever its clustering: the grains' services, placement, liveness, joined traces.</summary>
    internal static void Configure(ISiloBuilder orleans, GridServices grid)
    {
        orleans.Services.AddSingleton(grid);
        // Its name is the one that the ledger's leases carry: so a death in the cluster tells which leases are free.
        orleans.Configure<OrleansSiloOptions>(o => o.SiloName = grid.Silo.Id.Value);
        orleans.AddActivityPropagation();
        orleans.Services.AddPlacementDirector<OnSilo, OnSiloDirector>();
        Liveness.Configure(orleans.Services);
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

    /// <summary>A death may free a trial, and the study's grain may have died with the silo: idle silos ask at once, wherever it comes to life again.</summary>
    private sealed class DeathWatch(WorkSignal signal) : ISiloStatusListener
    {
        public void SiloStatusChangeNotification(SiloAddress updatedSilo, OrleansStatus status)
        {
            if (status == OrleansStatus.Dead)
                signal.Pulse();
        }
    }

    private sealed class Joined : IJoinedSilo
    {
        private readonly IHost _host;

        public Joined(IHost host, GridServices grid, ISegmentRunner runner, CancellationTokenSource evicted)
        {
            var grains = host.Services.GetRequiredService<IGrainFactory>();
            var address = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
            (_host, Evicted) = (host, evicted.Token);
            host.Services.GetRequiredService<ISiloStatusOracle>().SubscribeToSiloStatusEvents(new DeathWatch(grid.Signal));
            Desk = new GrainDesk(grains, grid, address, runner.CanRun);
            Runner = new GrainRunner(runner, grains, grid, address);
        }

        public IWorkDesk Desk { get; }

        public ISegmentRunner Runner { get; }

        public CancellationToken Evicted { get; }

        public async ValueTask DisposeAsync()
        {
            // Who was declared dead has nothing to hand over.
            using var patience = new CancellationTokenSource(Evicted.IsCancellationRequested ? TimeSpan.Zero : TimeSpan.FromSeconds(2));
            try
            {
                await _host.StopAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // Its cluster will notice.
            }
            await CastAndDispose(_host);
        }

        private static async ValueTask CastAndDispose(IHost host)
        {
            if (host is IAsyncDisposable later)
                await later.DisposeAsync();
            else
                host.Dispose();
        }
    }
}
