using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TuneGrid.Silo.Hosting;

/// <summary>The end of a silo in a process that lives on.</summary>
internal static class SiloShutdown
{
    private static readonly TimeSpan Leftovers = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Stops what a silo has started, whether or not all of it did, and disposes of it. What takes longer ends by itself: Orleans tries for
    /// a minute to tell a store of its end, be its disk full or its server gone.
    /// </summary>
    /// <param name="within">After this long the silo no longer ends in good order.</param>
    public static Task EndAsync(IHost host, TimeSpan within) => EndWhollyAsync(host, within).WaitAsync(within + Leftovers)
        .ContinueWith(end => end.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private static async Task EndWhollyAsync(IHost host, TimeSpan within)
    {
        var lifecycle = host.Services.GetRequiredService<ISiloLifecycleSubject>();
        using var patience = new CancellationTokenSource(within);
        var stop = host.StopAsync(patience.Token);
        await stop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((IAsyncDisposable)host).DisposeAsync();
        if (stop.IsCompletedSuccessfully)
            return;
        // Orleans does not stop a silo that failed to start (Silo.StopAsync throws). The loop of its grain directory would then read the
        // members of a disposed host, without a pause, on a core of its own for as long as the process lives. Only after the disposal,
        // which would wait for ever for a silo that was stopped past Silo.StopAsync.
        await lifecycle.OnStop(new(canceled: true)).WaitAsync(Leftovers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
