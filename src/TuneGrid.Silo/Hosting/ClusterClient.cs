using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Messaging;
using TuneGrid.Silo.Membership;
using TuneGrid.Silo.Security;
using TuneGrid.Storage;

namespace TuneGrid.Silo.Hosting;

/// <summary>This process as a client of the cluster that its store knows of. Dispose of it to disconnect.</summary>
internal sealed class ClusterClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private readonly IHost _host;

    private ClusterClient(IHost host)
    {
        _host = host;
        Grains = host.Services.GetRequiredService<IGrainFactory>();
    }

    /// <summary>The way to every grain of the cluster.</summary>
    public IGrainFactory Grains { get; }

    /// <summary>
    /// Connects to the cluster of this machine or to the shared one. Returns null where the store knows of no silo, or none can be reached
    /// from here: the store itself tells all there is to know.
    /// </summary>
    /// <param name="security">How to speak to clusters of other machines.</param>
    public static async Task<ClusterClient?> TryConnectAsync(OpenedStore store, ClusterSecurity security, CancellationToken cancellation)
    {
        foreach (var (cluster, how) in await ClusterName.ReachableAsync(store.Texts, security, cancellation))
        {
            var gateways = await StoreGatewayList.FindAsync(store.Texts, cluster, cancellation);
            if (gateways.Count > 0 && await TryConnectAsync(store.Texts, cluster, how, cancellation) is { } client)
                return client;
        }
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _host.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _host.Dispose();
    }

    private static async Task<ClusterClient?> TryConnectAsync(
        ISharedTexts texts, string cluster, ClusterSecurity security, CancellationToken cancellation)
    {
        var builder = QuietHost.CreateBuilder();
        builder.Services.AddSingleton(texts).AddSingleton<IGatewayListProvider, StoreGatewayList>();
        builder.UseOrleansClient(client =>
        {
            client.AddActivityPropagation();
            security.Secure(client);
            client.Configure<ClusterOptions>(o => (o.ServiceId, o.ClusterId) = (ClusterName.Service, cluster));
            WireFormat.Configure(client.Services);
            Liveness.Configure(client.Services);
        });
        var host = builder.Build();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await host.StartAsync(patience.Token);
            return new(host);
        }
        catch (Exception exception)
        {
            host.Dispose();
            cancellation.ThrowIfCancellationRequested();
            if (exception is OrleansException or OperationCanceledException or TimeoutException or IOException)
                return null;
            throw;
        }
    }
}
