using Npgsql;
using Polly;

namespace TuneGrid.Storage.Postgres;

/// <summary>
/// Runs calls against one server: pooled connections, retries with jitter for calls that may be repeated, faults in people's words.
/// </summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    /// <summary>How long a writer may keep its turn in silence before the server cuts it off: others wait for it meanwhile.</summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Statements find their rows by key. A table that is small when a connection plans them would be scanned for as long as it lives,
    /// however it grows.
    /// </summary>
    internal static readonly string Session = FormattableString.Invariant(
        $"""
        SET idle_in_transaction_session_timeout = {LongestTurn.TotalMilliseconds:F0};
        SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off
        """);

    /// <summary>How long a server may take to let somebody in, if the connection string says nothing: after that nobody is there.</summary>
    private const int ConnectSeconds = 5;

    /// <summary>
    /// A server that nobody has reached yet and that stays silent is tried this often again: its address is likely wrong, and somebody
    /// waits for the answer.
    /// </summary>
    private const int RetriesOfSilence = 1;

    private readonly ResiliencePipeline _retries;
    private volatile bool _wasReached;

    public PostgresConnections(string connectionString, string place)
    {
        (Place, Source) = (place, Connect(connectionString));
        _retries = RetryPipeline.Create(
            "postgres",
            (fault, repeated) => PostgresFaults.IsTransient(fault)
                && (_wasReached || !PostgresFaults.IsSilence(fault) || repeated < RetriesOfSilence),
            attempts: 5,
            firstDelay: TimeSpan.FromMilliseconds(100),
            longestDelay: TimeSpan.FromSeconds(2));
    }

    public string Place { get; }

    public NpgsqlDataSource Source { get; }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    /// <summary>For calls that may run twice: reads and writes that set the same row to the same value.</summary>
    public ValueTask<T> RepeatAsync<T>(Func<NpgsqlConnection, CancellationToken, ValueTask<T>> call, CancellationToken cancellation) =>
        TranslateAsync(c => _retries.ExecuteAsync(async t =>
        {
            await using var connection = await OpenAsync(t);
            return await call(connection, t);
        }, c), cancellation);

    /// <summary>For calls whose lost answer the caller must look into: only connecting is repeated.</summary>
    public ValueTask<T> OnceAsync<T>(Func<NpgsqlConnection, CancellationToken, ValueTask<T>> call, CancellationToken cancellation) =>
        TranslateAsync(async c =>
        {
            await using var connection = await _retries.ExecuteAsync(async t => await OpenAsync(t), c);
            return await call(connection, c);
        }, cancellation);

    private async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = await Source.OpenConnectionAsync(cancellation);
        _wasReached = true;
        return connection;
    }

    private async ValueTask<T> TranslateAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call(cancellation);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException)
        {
            throw PostgresFaults.Translate(fault, Place);
        }
    }

    private static NpgsqlDataSource Connect(string text)
    {
        // Statements are few, always the same, and find their rows by key: let the server plan each of them once per connection.
        var parts = new NpgsqlConnectionStringBuilder(text);
        if (!parts.ShouldSerialize("Max Auto Prepare"))
            (parts.MaxAutoPrepare, parts.AutoPrepareMinUsages) = (30, 2);
        if (!parts.ShouldSerialize("Timeout"))
            parts.Timeout = ConnectSeconds;
        if (parts.KeepAlive == 0)
            parts.KeepAlive = 15;
        // No call leaves anything behind in its session (a transaction it gave up in is rolled back all the same), so that the next one
        // need not clean up first.
        parts.NoResetOnClose = true;
        var source = new NpgsqlDataSourceBuilder(parts.ConnectionString);
        // Not as a start-up option: connection poolers refuse those.
        source.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var session = new NpgsqlCommand(Session, connection);
                session.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var session = new NpgsqlCommand(Session, connection);
                await session.ExecuteNonQueryAsync();
            });
        return source.Build();
    }
}
