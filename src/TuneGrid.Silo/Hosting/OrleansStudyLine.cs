using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime.Messaging;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Silo.Grains;
using TuneGrid.Silo.Membership;
using TuneGrid.Silo.Security;
using TuneGrid.Storage;

namespace TuneGrid.Silo.Hosting;

/// <summary>A search as a client of the cluster that its store knows of.</summary>
public sealed class OrleansStudyLine : IStudyLine
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_renewEvery = TimeSpan.FromSeconds(20);
    private readonly IHost _host;
    private readonly IStudyGrain _study;
    private readonly Observer _observer;
    private readonly IStudyObserver _reference;
    private readonly CancellationTokenSource _hungUp = new();

    private OrleansStudyLine(IHost host, StudyId study)
    {
        (_host, _observer) = (host, new());
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        _study = grains.GetGrain<IStudyGrain>(study.Value);
        _reference = grains.CreateObjectReference<IStudyObserver>(_observer);
    }

    /// <summary>Null where the store knows of no Orleans silo, or none can be reached from here: the store itself tells all there is to know.</summary>
    public static async Task<IStudyLine?> TryOpenAsync(OpenedStore store, StudyId study, ClusterSecurity security, CancellationToken cancellation)
    {
        foreach (var (cluster, how) in await ClusterName.ReachableAsync(store.Texts, security, cancellation))
        {
            if ((await StoreGatewayList.FindAsync(store.Texts, cluster, cancellation)).Count > 0
                && await ConnectAsync(store.Texts, cluster, how, cancellation) is { } host)
                return await OpenAsync(host, study);
        }
        return null;
    }

    public SegmentProgress? ProgressOf(TrialId trial) => _observer.Latest.GetValueOrDefault(trial.Number);

    public Task WaitAsync(CancellationToken cancellation) => _observer.News.WaitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _hungUp.CancelAsync();
        await _study.UnsubscribeAsync(_reference).WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var patience = new CancellationTokenSource(s_patience);
        await _host.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _host.Dispose();
        _hungUp.Dispose();
    }

    internal static async Task<IStudyLine?> OpenAsync(IHost host, StudyId study)
    {
        var line = new OrleansStudyLine(host, study);
        try
        {
            await Liveness.Retries.ExecuteAsync(async _ => await line._study.SubscribeAsync(line._reference));
        }
        catch (Exception exception) when (Liveness.IsPassing(exception) || exception is OrleansException)
        {
            await line.DisposeAsync();
            return null;
        }
        _ = line.RenewAsync();
        return line;
    }

    private static async Task<IHost?> ConnectAsync(ISharedTexts texts, string cluster, ClusterSecurity security, CancellationToken cancellation)
    {
        var builder = QuietHost.CreateBuilder();
        builder.Services.AddSingleton(texts).AddSingleton<IGatewayListProvider, StoreGatewayList>();
        builder.UseOrleansClient(client =>
        {
            client.AddActivityPropagation();
            security.Secure(client);
            client.Configure<ClusterOptions>(o => (o.ServiceId, o.ClusterId) = (ClusterName.Service, cluster));
            Liveness.Configure(client.Services);
        });
        var host = builder.Build();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(s_patience);
        try
        {
            await host.StartAsync(patience.Token);
            return host;
        }
        catch (Exception exception)
        {
            host.Dispose();
            // Whatever it says when the search ends meanwhile.
            if (exception is OrleansException or ConnectionFailedException or OperationCanceledException or TimeoutException or IOException)
                return null;
            throw;
        }
    }

    /// <summary>The grain forgets who says nothing, and a grain that has moved has forgotten everybody.</summary>
    private async Task RenewAsync()
    {
        while (!_hungUp.IsCancellationRequested)
        {
            await Task.Delay(s_renewEvery, _hungUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_hungUp.IsCancellationRequested)
                await _study.SubscribeAsync(_reference).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class Observer : IStudyObserver
    {
        public ConcurrentDictionary<int, SegmentProgress> Latest { get; } = new();

        public WorkSignal News { get; } = new();

        public Task ChangedAsync(long sequence)
        {
            News.Pulse();
            return Task.CompletedTask;
        }

        public Task ProgressedAsync(ProgressMessage progress)
        {
            if (EventJson.ReadProgress(progress.Progress) is { } read)
                Latest[progress.Trial] = read;
            News.Pulse();
            return Task.CompletedTask;
        }
    }
}
