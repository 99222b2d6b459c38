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
    internal const string Session = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off";

    /// <summary>How long this process does without a connection that waits for notifications, once it was refused one.</summary>
    private static readonly TimeSpan StepBackFor = TimeSpan.FromMinutes(1);

    /// <summary>How long a server may take to let somebody in, if the connection string says nothing: after that nobody is there.</summary>
    private const int ConnectSeconds = 5;

    /// <summary>
    /// A server that nobody has reached yet and that stays silent is tried this often again: its address is likely wrong, and somebody
    /// waits for the answer.
    /// </summary>
    private const int RetriesOfSilence = 1;

    private readonly ResiliencePipeline _retries;
    private readonly NpgsqlDataSource _direct;
    private readonly Lazy<NpgsqlDataSource> _pooled;
    private volatile bool _wasReached;
    private volatile bool _isPooled;
    private long _refusedAt;

    public PostgresConnections(string connectionString, string place)
    {
        Place = place;
        _direct = Connect(connectionString, isPooled: false);
        _pooled = new(() => Connect(connectionString, isPooled: true));
        _retries = RetryPipeline.Create(
            "postgres",
            (fault, repeated) => PostgresFaults.IsTransient(fault)
                && (_wasReached || !PostgresFaults.IsSilence(fault) || repeated < RetriesOfSilence),
            attempts: 5,
            firstDelay: TimeSpan.FromMilliseconds(100),
            longestDelay: TimeSpan.FromSeconds(2));
    }

    public string Place { get; }

    public NpgsqlDataSource Source => _isPooled ? _pooled.Value : _direct;

    /// <summary>
    /// Whether something stands between this process and the server, such as PgBouncer, that may give each transaction another session:
    /// what a session keeps (prepared statements, settings, LISTEN) is lost then, or met by somebody else.
    /// </summary>
    public bool IsPooled => _isPooled;

    /// <summary>
    /// Whether the server lately had no connection left for this process: it should hold none then that it can do without.
    /// </summary>
    public bool IsCrowded =>
        Volatile.Read(ref _refusedAt) is not 0 and var at && TimeProvider.System.GetElapsedTime(at) < StepBackFor;

    public async ValueTask DisposeAsync()
    {
        await _direct.DisposeAsync();
        if (_pooled.IsValueCreated)
            await _pooled.Value.DisposeAsync();
    }

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

    /// <summary>Returns a connection, which prepares statements only if they stay with it.</summary>
    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var source = Source;
            var connection = await OpenAsync(source, cancellation);
            _wasReached = true;
            if (source == Source)
                return connection;
            await connection.DisposeAsync();
        }
    }

    private async ValueTask<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellation);
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            Volatile.Write(ref _refusedAt, TimeProvider.System.GetTimestamp());
            throw;
        }
    }

    private async ValueTask<T> TranslateAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call(cancellation);
        }
        catch (Exception fault) when (PostgresFaults.IsOurs(fault))
        {
            throw PostgresFaults.Translate(fault, Place);
        }
    }

    private NpgsqlDataSource Connect(string text, bool isPooled)
    {
        // Statements are few, always the same, and find their rows by key: let the server plan each of them once per connection.
        var parts = new NpgsqlConnectionStringBuilder(text);
        if (!parts.ShouldSerialize("Max Auto Prepare") && !isPooled)
            (parts.MaxAutoPrepare, parts.AutoPrepareMinUsages) = (30, 2);
        if (!parts.ShouldSerialize("Timeout"))
            parts.Timeout = ConnectSeconds;
        if (parts.KeepAlive == 0)
            parts.KeepAlive = 15;
        // Not 5 minutes: where a server lets few in, others may be waiting for it.
        if (!parts.ShouldSerialize("Connection Idle Lifetime"))
            (parts.ConnectionIdleLifetime, parts.ConnectionPruningInterval) = (30, 10);
        // No call leaves anything behind in its session (a transaction it gave up in is rolled back all the same), so that the next one
        // need not clean up first.
        parts.NoResetOnClose = true;
        var source = new NpgsqlDataSourceBuilder(parts.ConnectionString);
        // Not as a start-up option: connection poolers refuse those.
        source.UsePhysicalConnectionInitializer(
            _ => throw new NotSupportedException("connections are opened asynchronously"), BeginSessionAsync);
        return source.Build();
    }

    /// <summary>A pooler gives its clients process ids of its own.</summary>
    private async Task BeginSessionAsync(NpgsqlConnection connection)
    {
        await using var ask = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        if ((int)(await ask.ExecuteScalarAsync())! != connection.ProcessID)
        {
            _isPooled = true;
            return;
        }
        await using var session = new NpgsqlCommand(Session, connection);
        await session.ExecuteNonQueryAsync();
    }
}
