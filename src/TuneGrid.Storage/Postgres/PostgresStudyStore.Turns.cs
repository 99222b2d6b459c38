using Npgsql;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Storage.Postgres;

/// <content>
/// Writers of one study queue for an advisory lock before they decide, so that sixteen of them cost sixteen appends and not a storm of
/// refused ones. The lock orders; what keeps the ledger right is the expected sequence in every append, with or without a turn. Whoever
/// falls silent in its turn is cut off by the server (<see cref="PostgresConnections.LongestTurn"/>), and the next one goes on.
/// <para>
/// They queue in a few lines, one of which each chooses at random. The first of a line reads the ledger before its turn comes, while others
/// decide and wait for the disk, so that in its turn only the last few events are left to read. Everybody holds the lock of at most one
/// line and takes it before the turn's: there is no deadlock, and all of it ends with the transaction.
/// </para>
/// <para>
/// A turn ends before the disk has its events: the next writer goes on meanwhile, and one flush serves several. Nobody is told that its
/// turn succeeded until its events are on the disk, and a log that is flushed in order keeps nobody's events without those it decided upon.
/// </para>
/// </content>
internal sealed partial class PostgresStudyStore
{
    private const int Lines = 3;

    // BEGIN and COMMIT travel with the statements beside them: a turn is two round trips, and a third before it if there is a queue. A lock
    // is a statement of its own, so that what follows it sees what the one before has committed (whatever isolation the database would
    // begin with).
    private static readonly string TakePlace = FormattableString.Invariant(
        $"""
        SELECT pg_advisory_xact_lock(hashtextextended($1, $2)), set_config('synchronous_commit', 'off', true),
          set_config('idle_in_transaction_session_timeout', '{PostgresConnections.LongestTurn.TotalMilliseconds:F0}', true)
        """);
    private const string TryTurn = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)), clock_timestamp()";
    private const string AwaitTurn = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0)) IS NOT NULL, clock_timestamp()";

    // A transaction of its own after the turn's, and a synchronous one: its end waits for the log up to its own record, and so for all
    // before it. Nobody reads the message.
    private const string AwaitDisk = "SELECT pg_logical_emit_message(true, 'tunegrid', '')";

    public ValueTask<bool> TakeTurnAsync(StudyId study, long afterSequence, TurnDecision decide, CancellationToken cancellation) =>
        _connections.OnceAsync(async (connection, token) =>
        {
            while (true)
            {
                var (missed, now) = await BeginTurnAsync(connection, study, afterSequence, token);
                afterSequence += missed.Count;
                if (await DecideAsync(connection, () => decide(missed, now)) is not { } commit)
                {
                    await using var rollback = new NpgsqlCommand("ROLLBACK", connection);
                    await rollback.ExecuteNonQueryAsync(token);
                    return false;
                }
                var append = new NpgsqlBatchCommand(AppendTo(commit));
                Bind(append.Parameters, commit);
                await using var end = new NpgsqlBatch(connection) { BatchCommands = { append, new("COMMIT"), new(AwaitDisk) } };
                if (await AppendAsync(commit, end.ExecuteScalarAsync(token)) is not null)
                    return true;
            }
        }, cancellation);

    /// <summary>
    /// Decides on the caller's own thread, and lets the server hear meanwhile that this process is alive: a decision may take long in a
    /// space that is hard to sample, and only who fell silent must be cut off.
    /// </summary>
    private static async ValueTask<Commit?> DecideAsync(NpgsqlConnection connection, Func<Commit?> decide)
    {
        using var decided = new CancellationTokenSource();
        var alive = Task.Run(() => KeepTurnAsync(connection, decided.Token), CancellationToken.None);
        try
        {
            return decide();
        }
        finally
        {
            await decided.CancelAsync();
            await alive;
        }
    }

    private static async Task KeepTurnAsync(NpgsqlConnection connection, CancellationToken decided)
    {
        while (true)
        {
            await Task.Delay(PostgresConnections.LongestTurn / 4, decided).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (decided.IsCancellationRequested)
                return;
            await using var word = new NpgsqlCommand("SELECT 1", connection);
            await word.ExecuteScalarAsync(CancellationToken.None);
        }
    }

    private async ValueTask<(IReadOnlyList<RecordedEvent> Missed, DateTimeOffset Now)> BeginTurnAsync(
        NpgsqlConnection connection, StudyId study, long afterSequence, CancellationToken cancellation)
    {
        await using var begin = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("BEGIN ISOLATION LEVEL READ COMMITTED"),
                BatchCommand(TakePlace, study.Value, Random.Shared.NextInt64(1, 1 + Lines)),
                BatchCommand(TryTurn, study.Value),
                BatchCommand(SelectEvents, study.Value, afterSequence),
            },
        };
        IReadOnlyList<RecordedEvent> early;
        await using (var row = await begin.ExecuteReaderAsync(cancellation))
        {
            await row.NextResultAsync(cancellation);
            (var isTurn, early, var now) = await ReadTurnAsync(row, study, afterSequence, cancellation);
            if (isTurn)
                return (early, now);
        }
        await using var turn = new NpgsqlBatch(connection)
        {
            BatchCommands = { BatchCommand(AwaitTurn, study.Value), BatchCommand(SelectEvents, study.Value, afterSequence + early.Count) },
        };
        await using var rest = await turn.ExecuteReaderAsync(cancellation);
        var (_, late, then) = await ReadTurnAsync(rest, study, afterSequence + early.Count, cancellation);
        return ([.. early, .. late], then);
    }

    private async ValueTask<(bool IsTurn, IReadOnlyList<RecordedEvent> Missed, DateTimeOffset Now)> ReadTurnAsync(
        NpgsqlDataReader row, StudyId study, long afterSequence, CancellationToken cancellation)
    {
        await row.ReadAsync(cancellation);
        var (isTurn, now) = (row.GetBoolean(0), row.GetFieldValue<DateTimeOffset>(1));
        await row.NextResultAsync(cancellation);
        return (isTurn, await ReadEventsAsync(row, study, afterSequence, cancellation), now);
    }

    private static NpgsqlBatchCommand BatchCommand(string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
