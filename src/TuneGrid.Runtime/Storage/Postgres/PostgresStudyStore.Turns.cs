using Npgsql;
using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Studies;

namespace TuneGrid.Runtime.Storage.Postgres;

/// <content>
/// Writers of one study queue for an advisory lock before they decide, so that sixteen of them cost sixteen appends and not a storm of refused ones. The
/// lock orders; what keeps the ledger right is the expected sequence in every append, with or without a turn. Whoever falls silent in its turn is cut off by
/// the server (<see cref="PostgresConnections.LongestTurn"/>), and the next one goes on.
/// </content>
internal sealed partial class PostgresStudyStore
{
    // BEGIN and COMMIT travel with the statements beside them: a turn is two round trips. The lock is a statement of its own, so that what follows it sees
    // what the one before has committed (whatever isolation the database would begin with).
    private const string TakeLock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0)), clock_timestamp()";

    public ValueTask<bool> TakeTurnAsync(StudyId study, long afterSequence, TurnDecision decide, CancellationToken cancellation) =>
        _connections.OnceAsync(async (connection, token) =>
        {
            while (true)
            {
                var (missed, now) = await BeginTurnAsync(connection, study, afterSequence, token);
                afterSequence += missed.Count;
                if (decide(missed, now) is not { } commit)
                {
                    await using var rollback = new NpgsqlCommand("ROLLBACK", connection);
                    await rollback.ExecuteNonQueryAsync(token);
                    return false;
                }
                var append = new NpgsqlBatchCommand(AppendTo(commit));
                Bind(append.Parameters, commit);
                await using var end = new NpgsqlBatch(connection) { BatchCommands = { append, new("COMMIT") } };
                if (await end.ExecuteScalarAsync(token) is not null)
                    return true;
            }
        }, cancellation);

    private async ValueTask<(IReadOnlyList<RecordedEvent> Missed, DateTimeOffset Now)> BeginTurnAsync(
        NpgsqlConnection connection, StudyId study, long afterSequence, CancellationToken cancellation)
    {
        await using var begin = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("BEGIN ISOLATION LEVEL READ COMMITTED"),
                new(TakeLock) { Parameters = { new() { Value = study.Value } } },
                new(SelectEvents) { Parameters = { new() { Value = study.Value }, new() { Value = afterSequence } } },
            },
        };
        await using var row = await begin.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var now = row.GetFieldValue<DateTimeOffset>(1);
        await row.NextResultAsync(cancellation);
        return (await ReadEventsAsync(row, study, afterSequence, cancellation), now);
    }
}
