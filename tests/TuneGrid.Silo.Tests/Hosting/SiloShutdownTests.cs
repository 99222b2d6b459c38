using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using TuneGrid.Silo.Hosting;

namespace TuneGrid.Silo.Tests.Hosting;

public sealed class SiloShutdownTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_silo_has_started_is_stopped_also_when_the_rest_failed(bool isFailing)
    {
        var parts = new Parts(isFailing);
        var builder = QuietHost.CreateBuilder();
        builder.UseOrleans(orleans => orleans.UseLocalhostClustering(FreePort(), FreePort()));
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(parts);
        var host = builder.Build();
        await host.StartAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.Equal((1, 0), (parts.Started, parts.Stopped));

        await SiloShutdown.EndAsync(host, TimeSpan.FromMinutes(1));

        Assert.Equal((1, 1), (parts.Started, parts.Stopped));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts where Orleans' grain directory does; fails, if asked, where a silo finds that it can't reach the others.</summary>
    private sealed class Parts(bool isFailing) : ILifecycleParticipant<ISiloLifecycle>
    {
        public int Started { get; private set; }

        public int Stopped { get; private set; }

        public void Participate(ISiloLifecycle lifecycle)
        {
            const string Name = nameof(Parts);
            lifecycle.Subscribe(Name, ServiceLifecycleStage.RuntimeServices, _ => Count(() => Started++), _ => Count(() => Stopped++));
            lifecycle.Subscribe(
                Name, ServiceLifecycleStage.ValidateInitialConnectivity, _ => isFailing ? throw new IOException() : Task.CompletedTask);
        }

        private static Task Count(Action count)
        {
            count();
            return Task.CompletedTask;
        }
    }
}
