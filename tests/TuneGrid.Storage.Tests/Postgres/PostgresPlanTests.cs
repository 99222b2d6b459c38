using Npgsql;
using TuneGrid.Coordination;
using TuneGrid.Storage.Postgres;
using TuneGrid.Testing.Contracts;
using TuneGrid.Testing.Servers;

namespace TuneGrid.Storage.Tests.Postgres;

/// <summary>
/// What a turn costs the server must not grow with the ledger, nor with the leases that are gone. The server plans each statement once for
/// all parameters, by its statistics of the moment, so that a plan that is good for a new study may be replaced in the middle of a search
/// by one that reads the whole table.
/// </summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresPlanTests(PostgresServer server)
{
    // Two studies, half of the ledger each, and the leases of one running fleet.
    private const string Fill =
        """
        INSERT INTO tunegrid.events SELECT 'study-' || s, n, repeat('x', 350), n FROM generate_series(1, 2) s, generate_series(1, 50000) n;
        INSERT INTO tunegrid.studies (study, last_sequence, summary, chk) SELECT 'study-' || s, 50000, '', 0 FROM generate_series(1, 2) s;
        INSERT INTO tunegrid.leases SELECT 'study-1', n, n, 'silo', now() FROM generate_series(1, 16) n;
        ANALYZE;
        """;

    [StoreFact]
    public async Task A_writer_finds_its_last_few_events_without_reading_the_others()
    {
        var plan = await ExplainAsync(PostgresStudyStore.SelectEvents, "text, bigint", "'study-1', 49990");
        Assert.Contains("Index Scan using events_pkey", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Scan on events", plan, StringComparison.Ordinal);
        Assert.Contains("Index Scan using studies_study_key", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task A_lease_is_released_without_looking_at_the_others()
    {
        var append = PostgresStudyStore.AppendTo(Sample.Append(new StudyId("study-1"), 50000));
        var plan = await ExplainAsync(
            append,
            "text, bigint, text, bigint, text[], bigint[], integer[], integer[], bigint[], text[], interval[], integer, integer, integer[]",
            "'study-1', 50000, '', 0, '{}', '{}', '{3}', '{}', '{}', '{}', '{}', 3, 3, '{}'");
        Assert.Contains("(trial >= $12) AND (trial <= $13)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Bitmap", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    private async Task<string> ExplainAsync(string statement, string types, string parameters)
    {
        var database = await server.NewDatabaseAsync();
        await StoreAdministration.InitAsync(StoreLocation.Parse(database), CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync();
        var prepare = $"{Fill} {PostgresConnections.Session}; PREPARE asked ({types}) AS {statement}";
        await using (var fill = new NpgsqlCommand(prepare, connection))
            await fill.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE asked ({parameters})", connection);
        await using var row = await explain.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await row.ReadAsync())
            lines.Add(row.GetString(0));
        return string.Join('\n', lines);
    }
}
