namespace TuneGrid.Storage;

/// <summary>
/// Wakes everybody who waits, any number of times. Take <see cref="Next"/> before looking, so that no pulse is missed in between.
/// </summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Next => Volatile.Read(ref _next).Task;

    public void Pulse() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>
    /// Returns as soon as <paramref name="read"/> differs from the cursor, or after the timeout. Looks again at each pulse and, for changes
    /// that nobody signals, every <paramref name="poll"/>, which may change meanwhile.
    /// </summary>
    public async ValueTask<long> WaitAsync(
        long cursor, TimeSpan timeout, Func<TimeSpan> poll, Func<CancellationToken, ValueTask<long>> read, CancellationToken cancellation)
    {
        // Real time, not the store's clock: a silo must wake up whatever happens to the clock of the leases.
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var next = Next;
            var now = await read(cancellation);
            var left = timeout - TimeProvider.System.GetElapsedTime(start);
            if (now != cursor || left <= TimeSpan.Zero)
                return now;
            await Task.WhenAny(next, Task.Delay(left < poll() ? left : poll(), cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
