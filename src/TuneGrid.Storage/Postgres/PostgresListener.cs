using Npgsql;

namespace TuneGrid.Storage.Postgres;

/// <summary>
/// Holds one connection that LISTENs and pulses the signal at each notification. It connects anew whenever it is cut off; meanwhile, and
/// wherever a pooler is in between, those who wait poll.
/// </summary>
internal sealed class PostgresListener(PostgresConnections connections, ChangeSignal signal) : IAsyncDisposable
{
    public const string Channel = "tunegrid";

    /// <summary>How often it looks whether the store's calls need its connection more.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

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
        while (!_stop.IsCancellationRequested && !connections.IsPooled)
        {
            try
            {
                if (!connections.IsCrowded)
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
        await using var connection = await connections.OpenAsync(_stop.Token);
        // What is heard there may be for another, and what is for us heard by nobody.
        if (connections.IsPooled)
            return;
        connection.Notification += (_, _) => signal.Pulse();
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
            await listen.ExecuteNonQueryAsync(_stop.Token);
        IsListening = true;
        // Something may have happened while nobody listened.
        signal.Pulse();
        while (!connections.IsCrowded)
            await connection.WaitAsync(LookEvery, _stop.Token);
        await using var enough = new NpgsqlCommand("UNLISTEN *", connection);
        await enough.ExecuteNonQueryAsync(_stop.Token);
    }
}
