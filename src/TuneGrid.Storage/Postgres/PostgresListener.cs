using Npgsql;

namespace TuneGrid.Storage.Postgres;

/// <summary>
/// Holds one connection that LISTENs and pulses the signal at each notification. It connects anew whenever it is cut off; meanwhile those
/// who wait poll.
/// </summary>
internal sealed class PostgresListener(NpgsqlDataSource source, ChangeSignal signal) : IAsyncDisposable
{
    public const string Channel = "tunegrid";

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _starting = new();
    private Task? _loop;

    public TimeSpan ReconnectDelay { private get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether notifications arrive; otherwise poll often.</summary>
    public bool IsListening { get; private set; }

    /// <summary>Starts listening at the first wait: whoever only lists studies needs no second connection.</summary>
    public void Start()
    {
        lock (_starting)
            _loop ??= Task.Run(ListenForeverAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_loop is { } loop)
            await loop;
        _stop.Dispose();
    }

    private async Task ListenForeverAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync();
            }
            catch (Exception fault) when (
                fault is NpgsqlException or IOException or TimeoutException or OperationCanceledException or InvalidOperationException)
            {
                // Cut off or stopping; the calls of the store itself say what is wrong with the server.
            }
            IsListening = false;
            // Whoever waits looks again, and from now on often.
            signal.Pulse();
            await Task.Delay(ReconnectDelay, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync()
    {
        await using var connection = await source.OpenConnectionAsync(_stop.Token);
        connection.Notification += (_, _) => signal.Pulse();
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
            await listen.ExecuteNonQueryAsync(_stop.Token);
        IsListening = true;
        // Something may have happened while nobody listened.
        signal.Pulse();
        while (true)
            await connection.WaitAsync(_stop.Token);
    }
}
