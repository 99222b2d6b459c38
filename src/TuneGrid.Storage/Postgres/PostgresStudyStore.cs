using Npgsql;
using NpgsqlTypes;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Storage.Postgres;

/// <summary>
/// The ledger in PostgreSQL, for any number of machines. An append is one statement, and so one round trip and one transaction.
/// </summary>
internal sealed partial class PostgresStudyStore : IStudyStore
{
    private static readonly TimeSpan PollIntervalUnheard = TimeSpan.FromMilliseconds(100);

    private readonly PostgresConnections _connections;
    private readonly ChangeSignal _changed = new();
    private readonly PostgresListener _listener;

    private PostgresStudyStore(PostgresConnections connections)
    {
        _connections = connections;
        _listener = new(connections, _changed);
    }

    /// <summary>How often those who wait look again while notifications arrive: a net below the net.</summary>
    internal TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    internal TimeSpan ReconnectDelay { set => _listener.ReconnectDelay = value; }

    internal bool IsListening => _listener.IsListening;

    /// <exception cref="StoreUnusableException">It is not initialised, of another schema version, or refuses this user.</exception>
    public static async Task<PostgresStudyStore> OpenAsync(PostgresConnections connections, CancellationToken cancellation)
    {
        await PostgresSchema.RequireAsync(connections, cancellation);
        return new(connections);
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _connections.DisposeAsync();
    }

    public ValueTask<bool> TryAppendAsync(Commit commit, CancellationToken cancellation) =>
        _connections.OnceAsync(async (connection, token) =>
        {
            await using var append = new NpgsqlCommand(AppendTo(commit), connection);
            Bind(append.Parameters, commit);
            return await AppendAsync(commit, append.ExecuteScalarAsync(token)) is not null;
        }, cancellation);

    /// <summary>A row with an event's number that this store did not write is named; it would be in the way for ever.</summary>
    private static async ValueTask<object?> AppendAsync(Commit commit, Task<object?> append)
    {
        try
        {
            return await append;
        }
        catch (PostgresException fault) when (fault is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "events" })
        {
            throw TooMany(commit.Study.Value, commit.ExpectedSequence);
        }
    }

    public ValueTask<IReadOnlyList<RecordedEvent>> ReadAsync(StudyId study, long afterSequence, CancellationToken cancellation) =>
        _connections.RepeatAsync(async (connection, token) =>
        {
            await using var read = new NpgsqlCommand(SelectEvents, connection)
            {
                Parameters = { new() { Value = study.Value }, new() { Value = afterSequence } },
            };
            await using var row = await read.ExecuteReaderAsync(token);
            return await ReadEventsAsync(row, study, afterSequence, token);
        }, cancellation);

    public async ValueTask<StudyList> ListAsync(CancellationToken cancellation)
    {
        const string Headers = "SELECT study, last_sequence, summary, chk FROM tunegrid.studies ORDER BY id";
        return LedgerFaults.List(await QueryAsync(Headers, ReadSummary, cancellation), _connections.Place);
    }

    public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellation) =>
        _connections.RepeatAsync(async (connection, token) =>
        {
            await using var now = new NpgsqlCommand("SELECT clock_timestamp()", connection);
            return new DateTimeOffset((DateTime)(await now.ExecuteScalarAsync(token))!);
        }, cancellation);

    public ValueTask<long> WaitForChangeAsync(long cursor, TimeSpan timeout, CancellationToken cancellation)
    {
        _listener.Start();
        return _changed.WaitAsync(
            cursor, timeout, () => _listener.IsListening ? PollInterval : PollIntervalUnheard, CountChangesAsync, cancellation);
    }

    // Cut to 40 bits: a header that was put there past TuneGrid must not make the sum overflow, nor end the waiting of others.
    private const string CountEvents = "SELECT coalesce(sum(last_sequence & 1099511627775), 0)::bigint FROM tunegrid.studies";

    private ValueTask<long> CountChangesAsync(CancellationToken cancellation) =>
        _connections.RepeatAsync(async (connection, token) =>
        {
            await using var count = new NpgsqlCommand(CountEvents, connection);
            return (long)(await count.ExecuteScalarAsync(token))!;
        }, cancellation);

    // One statement sees one snapshot: the header's last sequence and exactly the events up to it. The upper end excludes nothing, but it
    // keeps the plan right: one that must serve any $2 expects a third of the table behind an open range, and would scan all of it for a
    // writer's last few events.
    internal const string SelectEvents =
        """
        SELECT s.last_sequence, e.sequence, e.event, e.chk FROM tunegrid.studies s LEFT JOIN LATERAL (
          SELECT sequence, event, chk FROM tunegrid.events
          WHERE study = $1 AND sequence > $2 AND sequence <= 9223372036854775807 ORDER BY sequence) e ON true
        WHERE s.study = $1
        """;

    private const string CreateStudy =
        """
        WITH header AS (
          INSERT INTO tunegrid.studies (study, last_sequence, summary, chk) VALUES ($1, $2::bigint + cardinality($5::text[]), $3, $4)
          ON CONFLICT DO NOTHING RETURNING study),
        """;

    // Whoever waits here for another writer's row lock sees, once it is free, that the sequence has moved on, and changes nothing.
    private const string ExtendStudy =
        """
        WITH header AS (
          UPDATE tunegrid.studies SET last_sequence = $2::bigint + cardinality($5::text[]), summary = $3, chk = $4
          WHERE study = $1 AND last_sequence = $2 RETURNING study),
        """;

    // Every part hangs on the header's row: without it nothing is written and nobody is notified. The range around the trials to release is
    // for the plan: it leads straight to their few index entries, where the list alone would be looked for among all leases of the study,
    // also the thousands that are gone and not yet vacuumed.
    private const string AppendRest =
        $"""
        ledger AS (
          INSERT INTO tunegrid.events (study, sequence, event, chk)
          SELECT h.study, $2::bigint + e.n, e.event, e.chk
          FROM header h, unnest($5::text[], $6::bigint[]) WITH ORDINALITY AS e(event, chk, n)),
        released AS (
          DELETE FROM tunegrid.leases l USING header h
          WHERE l.study = h.study AND l.trial BETWEEN $12 AND $13 AND l.trial = ANY($7)),
        paused AS (
          UPDATE tunegrid.leases l SET pause = true FROM header h WHERE l.study = h.study AND l.trial = ANY($14)),
        granted AS (
          INSERT INTO tunegrid.leases (study, trial, fence, silo, expires_at, length)
          SELECT h.study, g.trial, g.fence, g.silo, clock_timestamp() + g.ttl, g.ttl
          FROM header h, unnest($8::integer[], $9::bigint[], $10::text[], $11::interval[]) AS g(trial, fence, silo, ttl)
          ON CONFLICT (study, trial) DO UPDATE
          SET fence = excluded.fence, silo = excluded.silo, expires_at = excluded.expires_at, length = excluded.length,
            progress = NULL, pause = false)
        SELECT study, pg_notify('{PostgresListener.Channel}', study) FROM header
        """;

    internal static string AppendTo(Commit commit) => commit.ExpectedSequence == 0 ? CreateStudy + AppendRest : ExtendStudy + AppendRest;

    private static void Bind(NpgsqlParameterCollection parameters, Commit commit)
    {
        var study = commit.Study.Value;
        var summary = StoreJson.Write(commit.Summary);
        var events = commit.Events.Select(e => StoreJson.Write(e)).ToArray();
        var checks = events.Select((json, i) => RowCheck.OfEvent(study, commit.ExpectedSequence + i + 1, json)).ToArray();
        // One statement may touch a lease once: the last change of a trial in this commit is what counts.
        var leases = commit.Leases.GroupBy(l => l.Trial).Select(g => g.Last()).ToList();
        var grants = leases.OfType<LeaseChange.Grant>().ToList();
        var releases = leases.OfType<LeaseChange.Release>().Select(l => l.Trial.Number).ToArray();
        parameters.Add(new() { Value = study });
        parameters.Add(new() { Value = commit.ExpectedSequence });
        parameters.Add(new() { Value = summary });
        parameters.Add(new() { Value = RowCheck.OfStudy(study, commit.ExpectedSequence + events.Length, summary) });
        parameters.Add(new() { Value = events });
        parameters.Add(new() { Value = checks });
        parameters.Add(new() { Value = releases });
        parameters.Add(new() { Value = grants.Select(g => g.Trial.Number).ToArray() });
        parameters.Add(new() { Value = grants.Select(g => g.Fence.Value).ToArray() });
        parameters.Add(new() { Value = grants.Select(g => g.Silo.Value).ToArray() });
        parameters.Add(
            new() { Value = grants.Select(g => g.TimeToLive).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Interval });
        parameters.Add(new() { Value = releases.DefaultIfEmpty().Min() });
        parameters.Add(new() { Value = releases.DefaultIfEmpty().Max() });
        parameters.Add(new() { Value = leases.OfType<LeaseChange.RequestPause>().Select(l => l.Trial.Number).ToArray() });
    }

    private async ValueTask<IReadOnlyList<RecordedEvent>> ReadEventsAsync(
        NpgsqlDataReader row, StudyId study, long afterSequence, CancellationToken cancellation)
    {
        var events = new List<RecordedEvent>();
        var last = 0L;
        while (await row.ReadAsync(cancellation))
        {
            last = row.GetInt64(0);
            if (row.IsDBNull(1))
                continue;
            var recorded = ReadEvent(study.Value, row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetInt64(3), last);
            if (recorded.Sequence != afterSequence + events.Count + 1)
                throw Damaged(study.Value, afterSequence + events.Count + 1, "it is missing");
            events.Add(recorded);
        }
        return events.Count >= last - afterSequence
            ? events
            : throw Damaged(study.Value, afterSequence + events.Count + 1, "it is missing");
    }

    private RecordedEvent ReadEvent(string study, long sequence, byte[] json, long chk, long last)
    {
        if (RowCheck.OfEvent(study, sequence, json) != chk)
            throw sequence > last ? TooMany(study, last) : Damaged(study, sequence, "it was changed");
        if (sequence > last)
            throw Damaged(study, 0, LedgerFaults.EndsEarly);
        try
        {
            return EventJson.Read(sequence, json);
        }
        catch (LedgerCorruptException fault)
        {
            throw LedgerFaults.Newer(study, sequence, fault);
        }
    }

    private static (string Study, StudySummary? Summary) ReadSummary(NpgsqlDataReader row)
    {
        var (study, last, summary) = (row.GetString(0), row.GetInt64(1), row.GetString(2));
        return RowCheck.OfStudy(study, last, summary) == row.GetInt64(3) ? (study, StoreJson.ReadSummary(summary)) : (study, null);
    }

    private LedgerCorruptException Damaged(string study, long sequence, string why) =>
        LedgerFaults.Damaged(study, sequence, why, _connections.Place);

    private static LedgerCorruptException TooMany(string study, long last) =>
        LedgerFaults.TooMany(study, last, $"DELETE FROM tunegrid.events WHERE study = '{study}' AND sequence > {last}");

    /// <summary>A read whose parameters are texts and numbers, <c>$1, $2 ...</c></summary>
    private ValueTask<IReadOnlyList<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object[] parameters) =>
        _connections.RepeatAsync<IReadOnlyList<T>>(async (connection, token) =>
        {
            await using var command = Command(connection, sql, parameters);
            await using var row = await command.ExecuteReaderAsync(token);
            var rows = new List<T>();
            while (await row.ReadAsync(token))
                rows.Add(read(row));
            return rows;
        }, cancellation);

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
