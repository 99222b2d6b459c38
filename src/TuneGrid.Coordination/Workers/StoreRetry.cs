using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Coordination.Workers;

/// <summary>
/// Repeats what a store refuses for the moment, with a growing, jittered delay, until it succeeds or the token is cancelled.
/// </summary>
/// <param name="seed">Of the jitter.</param>
/// <param name="notify">Called before each delay; must not throw.</param>
public sealed class StoreRetry(TimeProvider time, int seed, Action<SiloNotice> notify)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private readonly Random _jitter = new(seed);

    /// <summary>Returns what the store says at last.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellation)
    {
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                return await call(cancellation);
            }
            catch (StoreUnavailableException exception)
            {
                var wait = delay * (0.5 + _jitter.NextDouble());
                notify(new SiloNotice.StoreUnavailable(exception.Message, wait));
                await Task.Delay(wait, time, cancellation);
            }
        }
    }
}
