using Npgsql;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Simulation;
using TuneGrid.Storage.Postgres;
using TuneGrid.Testing.Contracts;
using TuneGrid.Testing.Servers;

namespace TuneGrid.Storage.Tests.Postgres;

[Collection(PostgresTests.Name)]
public sealed class PostgresStudyStoreTests(PostgresServer server) : DurableStoreContract
{
    private protected override async Task<IStudyStore> OpenAsync() => (await server.OpenAsync()).Studies;

    private protected override Task AdvanceAsync(TimeSpan by) => AdvanceAsync(server, Study, by);

    private protected override Task ChangeAsync(string sql) => ChangeAsync(server, Study, sql);

    /// <summary>The clock is the database's, so that leases and silos move instead: each of them as far into the past.</summary>
    internal static Task AdvanceAsync(PostgresServer server, StudyId study, TimeSpan by) =>
        server.ExecuteAsync(FormattableString.Invariant(
            $"""
            UPDATE tunegrid.leases SET expires_at = expires_at - interval '{by.TotalSeconds} s' WHERE study = '{study}';
            UPDATE tunegrid.silos SET last_seen = last_seen - interval '{by.TotalSeconds} s' WHERE silo LIKE '%{study}'
            """));

    internal static Task ChangeAsync(PostgresServer server, StudyId study, string sql) => server.ExecuteAsync(
        sql.Replace("{mine}", $"study = '{study}'", StringComparison.Ordinal)
            .Replace("{studies}", "tunegrid.studies", StringComparison.Ordinal)
            .Replace("{events}", "tunegrid.events", StringComparison.Ordinal)
            .Replace("{leases}", "tunegrid.leases", StringComparison.Ordinal)
            .Replace("{silos}", "tunegrid.silos", StringComparison.Ordinal));

    [StoreFact]
    public async Task A_notification_wakes_without_any_poll()
    {
        await using var other = (PostgresStudyStore)await OpenAsync();
        other.PollInterval = TimeSpan.FromHours(1);
        var cursor = await ListeningAsync(other);
        var waiting = other.WaitForChangeAsync(cursor, TimeSpan.FromHours(1), None).AsTask();
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        Assert.NotEqual(cursor, await waiting.WaitAsync(Minute));
    }

    [StoreFact]
    public async Task A_listener_that_is_cut_off_polls_until_it_listens_again()
    {
        await using var other = (PostgresStudyStore)await OpenAsync();
        other.PollInterval = other.ReconnectDelay = TimeSpan.FromHours(1);
        var cursor = await ListeningAsync(other);
        var waiting = other.WaitForChangeAsync(cursor, TimeSpan.FromHours(1), None).AsTask();
        await server.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
        while (other.IsListening)
            await Task.Yield();
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        Assert.NotEqual(cursor, await waiting.WaitAsync(Minute));
        Assert.False(other.IsListening);
    }

    [StoreFact]
    public async Task A_restart_of_the_server_loses_nothing_and_is_only_a_pause()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        server.Stop();
        var reading = Store.ReadAsync(Study, 0, None).AsTask();
        server.Start();
        Assert.Single(await reading);
        Assert.True(await Store.TryAppendAsync(Sample.Append(Study, 1, Sample.Proposed(0)), None));
        Assert.Equal(2, (await Store.ReadAsync(Study, 0, None)).Count);
    }

    [StoreFact]
    public async Task A_decision_that_takes_longer_than_the_longest_silence_is_not_cut_off()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        var silentMs = PostgresConnections.LongestTurn.TotalMilliseconds + 1000;
        var isLong = FormattableString.Invariant(
            $"SELECT count(*)::text FROM pg_stat_activity WHERE now() - xact_start > interval '{silentMs} ms' AND pid <> pg_backend_pid()");
        Assert.True(await Store.TakeTurnAsync(Study, 1, (_, _) =>
        {
            while (server.ReadAsync(isLong).Result == "0")
                Thread.Yield();
            return Sample.Append(Study, 1, Sample.Proposed(0));
        }, None));
        Assert.Equal(2, (await Store.ReadAsync(Study, 0, None)).Count);
    }

    [StoreFact]
    public async Task A_server_that_is_read_only_for_a_while_is_unavailable_not_unusable()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        await ReadOnlyAsync("on");
        try
        {
            // Whoever only looks is served.
            Assert.Single(await Store.ReadAsync(Study, 0, None));
            var fault = await Assert.ThrowsAsync<StoreUnavailableException>(
                async () => await Store.TryAppendAsync(Sample.Append(Study, 1, Sample.Proposed(0)), None));
            Assert.Contains("it is read-only", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            await ReadOnlyAsync("off");
        }
        Assert.Single(await Store.ReadAsync(Study, 0, None));
        Assert.True(await Store.TryAppendAsync(Sample.Append(Study, 1, Sample.Proposed(0)), None));
    }

    /// <summary>For all sessions that begin from now on, which all do.</summary>
    private Task ReadOnlyAsync(string state) => PostgresServer.ExecuteAsync(
        server.ConnectionString + ";Options=-c default_transaction_read_only=off",
        $"""
        ALTER ROLE owner SET default_transaction_read_only = {state};
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'owner' AND pid <> pg_backend_pid()
        """);

    [StoreFact]
    public async Task A_turn_that_succeeded_outlives_a_crash_of_the_server_right_after_it()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        for (var sequence = 1; sequence <= 3; sequence++)
        {
            Assert.True(
                await Store.TakeTurnAsync(Study, sequence, (_, _) => Sample.Append(Study, sequence, Sample.Proposed(sequence - 1)), None));
            server.Stop();
            server.Start();
            Assert.Equal(sequence + 1, (await Store.ReadAsync(Study, 0, None)).Count);
        }
    }

    [StoreFact]
    public async Task A_server_that_is_gone_is_unavailable_not_unusable()
    {
        server.Stop();
        try
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.ReadAsync(Study, 0, None));
        }
        finally
        {
            server.Start();
        }
    }

    [StoreFact]
    public async Task A_turn_that_had_to_wait_gives_what_was_there_before_and_what_came_meanwhile_once_and_in_order()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Append(Study, 0, Sample.Created(), Sample.Proposed(0)), None));
        var given = new List<long>();
        Task<bool>? waiting = null;
        // More often than there are lines, so that it happens in one line and in two.
        for (var round = 0; round < 8; round++)
        {
            var sequence = 2L + (2 * round);
            given.Clear();
            Assert.True(await Store.TakeTurnAsync(Study, sequence, (_, _) =>
            {
                waiting = Task.Run(async () => await Store.TakeTurnAsync(Study, 0, (missed, _) =>
                {
                    given.AddRange(missed.Select(e => e.Sequence));
                    return Sample.Append(Study, missed.Count, Sample.Proposed(missed.Count));
                }, None));
                while (server.ReadAsync("SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").Result == "0")
                    Thread.Yield();
                return Sample.Append(Study, sequence, Sample.Proposed((int)sequence));
            }, None));
            Assert.True(await waiting!);
            Assert.Equal(Enumerable.Range(1, (int)sequence + 1).Select(n => (long)n), given);
        }
    }

    [StoreFact]
    public async Task A_wrong_password_is_named_and_not_shown()
    {
        var location = StoreLocation.Parse(server.ConnectionString.Replace("owner-secret", "wrong-secret", StringComparison.Ordinal));
        var fault = await Assert.ThrowsAsync<StoreUnusableException>(() => StoreOpener.OpenAsync(location));
        Assert.Contains("check Username and Password", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", fault.ToString(), StringComparison.Ordinal);
    }

    private static async Task<long> ListeningAsync(PostgresStudyStore store)
    {
        var cursor = await store.WaitForChangeAsync(0, TimeSpan.Zero, None);
        while (!store.IsListening)
            cursor = await store.WaitForChangeAsync(cursor, TimeSpan.FromMilliseconds(10), None);
        return cursor;
    }

    [StoreFact]
    public async Task An_empty_database_says_how_to_initialise_it_and_a_newer_one_to_update()
    {
        var location = StoreLocation.Parse(await server.NewDatabaseAsync());
        Assert.Contains(
            "tunegrid store init",
            (await Assert.ThrowsAsync<StoreUnusableException>(() => StoreOpener.OpenAsync(location))).Message,
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnusableException>(() => StoreAdministration.UpgradeAsync(location, None));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StoreAdministration.InitAsync(location, None)));
        await StoreAdministration.UpgradeAsync(location, None);
        await (await StoreOpener.OpenAsync(location)).DisposeAsync();

        var connectionString = ((StoreLocation.Postgres)location).ConnectionString;
        await PostgresServer.ExecuteAsync(connectionString, "UPDATE tunegrid.schema_version SET version = 99");
        Assert.Contains(
            "update TuneGrid",
            (await Assert.ThrowsAsync<StoreUnusableException>(() => StoreOpener.OpenAsync(location))).Message,
            StringComparison.Ordinal);
    }
}
