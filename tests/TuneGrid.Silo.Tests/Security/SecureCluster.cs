using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Messaging;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Membership;
using TuneGrid.Silo.Security;
using TuneGrid.Storage;
using TuneGrid.Testing.Processes;

namespace TuneGrid.Silo.Tests.Security;

/// <summary>One store and Orleans silos over it in this process, which meet through real sockets of the loopback addresses.</summary>
internal sealed class SecureCluster : IAsyncDisposable
{
    private readonly Sandbox _sandbox = new();
    private readonly List<Member> _members = [];

    public SecureCluster() => Certificates = new(Path.Combine(_sandbox.Folder, "certificates"));

    public TestCertificates Certificates { get; }

    public OpenedStore Store { get; private set; } = null!;

    public IReadOnlyList<Member> Members => _members;

    /// <summary>Silos with certificates of the cluster's authority.</summary>
    public static async Task<SecureCluster> StartAsync(params string[] addresses)
    {
        var cluster = new SecureCluster();
        cluster.Store = await StoreOpener.OpenAsync(StoreLocation.Parse(cluster._sandbox.Home));
        foreach (var address in addresses)
        {
            var silo = await BuildAsync(cluster.Store, address, cluster.Certificates.Good(address));
            cluster._members.Add(silo);
            await silo.StartAsync();
        }
        return cluster;
    }

    /// <summary>A silo of a store that has not started yet; it is the caller's.</summary>
    /// <param name="certificate">Null for a silo without TLS.</param>
    public static async Task<Member> BuildAsync(OpenedStore store, string address, ClusterCertificate? certificate)
    {
        var (listen, log) = (IPAddress.Parse(address), new Log());
        var security = new ClusterSecurity(certificate, log.Add, new Hurried());
        // All silos of these tests look for each other in one cluster, as those of a network do.
        var cluster = await IdAsync(store);
        var builder = QuietHost.CreateBuilder();
        builder.Services.AddSingleton(store.Texts).AddSingleton(TimeProvider.System).AddSingleton<IMembershipTable, StoreMembershipTable>();
        // Orleans ends the process of a silo that is told it is dead, as those are that are kept out.
        builder.Services.AddSingleton<IFatalErrorHandler, Survivor>();
        builder.UseOrleans(orleans =>
        {
            security.Secure(orleans);
            Liveness.Configure(orleans.Services);
            orleans.Configure<ClusterOptions>(o => (o.ServiceId, o.ClusterId) = (ClusterName.Service, cluster));
            orleans.Configure<EndpointOptions>(o =>
                (o.AdvertisedIPAddress, o.SiloPort, o.GatewayPort) = (listen, FreePort(listen), FreePort(listen)));
        });
        return new(builder.Build(), log);
    }

    /// <summary>A client of the cluster that has not started yet; it is the caller's.</summary>
    public async Task<Member> BuildClientAsync(ClusterCertificate? certificate)
    {
        var log = new Log();
        var security = new ClusterSecurity(certificate, log.Add);
        var cluster = await IdAsync(Store);
        var builder = QuietHost.CreateBuilder();
        builder.Services.AddSingleton(Store.Texts).AddSingleton<IGatewayListProvider, StoreGatewayList>();
        builder.UseOrleansClient(client =>
        {
            security.Secure(client);
            Liveness.Configure(client.Services);
            client.Configure<ClusterOptions>(o => (o.ServiceId, o.ClusterId) = (ClusterName.Service, cluster));
        });
        return new(builder.Build(), log);
    }

    /// <summary>The id of the cluster of a store's silos that listen beyond loopback.</summary>
    public static Task<string> IdAsync(OpenedStore store) =>
        ClusterName.OfAsync(store.Texts, IPAddress.None, ClusterSecurity.None, WireFormat.Version, CancellationToken.None);

    /// <summary>Each silo calls every other, and the membership is what it was: nobody got in, nobody was lost.</summary>
    public async Task IsUndisturbedAsync()
    {
        var management = _members[0].Grains.GetGrain<IManagementGrain>(0);
        var hosts = await management.GetHosts(onlyActive: true);
        Assert.Equal(_members.Select(m => m.Address).Order(), hosts.Keys.Order());
        Assert.Equal(_members.Count, (await management.GetRuntimeStatistics([.. hosts.Keys])).Length);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
            await member.DisposeAsync();
        await Store.DisposeAsync();
        _sandbox.Dispose();
    }

    private static int FreePort(IPAddress listen)
    {
        using var listener = new TcpListener(listen, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Survivor : IFatalErrorHandler
    {
        public bool IsUnexpected(Exception exception) => true;

        public void OnFatalException(object? sender, string? context, Exception? exception)
        {
        }
    }

    /// <summary>A minute later at each look: so that no line is left out because there were many.</summary>
    private sealed class Hurried : TimeProvider
    {
        private int _looks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMinutes(Interlocked.Increment(ref _looks));
    }

    /// <summary>A silo or a client.</summary>
    internal sealed class Member(IHost host, Log log) : IAsyncDisposable
    {
        public Log Log => log;

        public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

        public SiloAddress Address => host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

        public SiloAddress Gateway => host.Services.GetRequiredService<ILocalSiloDetails>().GatewayAddress;

        public Task StartAsync(CancellationToken cancellation = default) => host.StartAsync(cancellation);

        /// <summary>Starts, and must still be knocking when it has said a line.</summary>
        public async Task<string> StaysOutAsync(string text)
        {
            using var enough = new CancellationTokenSource();
            var start = host.StartAsync(enough.Token);
            var said = await log.SaysAsync(text);
            Assert.False(start.IsCompletedSuccessfully);
            await enough.CancelAsync();
            await start.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.False(start.IsCompletedSuccessfully);
            return said;
        }

        public async ValueTask DisposeAsync()
        {
            if (host.Services.GetService<ISiloLifecycleSubject>() is not null)
                await SiloShutdown.EndAsync(host, TimeSpan.FromSeconds(1));
            else
                await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    /// <summary>What a process was told about refused connections.</summary>
    internal sealed class Log
    {
        private readonly ConcurrentQueue<string> _lines = new();
        private readonly SemaphoreSlim _more = new(0);

        public IReadOnlyList<string> Lines => [.. _lines];

        public void Add(string line)
        {
            _lines.Enqueue(line);
            _more.Release();
        }

        /// <summary>Waits for a line that contains a text.</summary>
        public async Task<string> SaysAsync(string text)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (true)
            {
                if (_lines.FirstOrDefault(l => l.Contains(text, StringComparison.Ordinal)) is { } line)
                    return line;
                try
                {
                    await _more.WaitAsync(patience.Token);
                }
                catch (OperationCanceledException)
                {
                    throw new TimeoutException($"nobody said '{text}' but:\n{string.Join('\n', _lines)}");
                }
            }
        }
    }
}
