using TuneGrid.Coordination.Ledger;
using TuneGrid.Simulation;
using TuneGrid.Storage.Postgres;
using TuneGrid.Testing.Contracts;
using TuneGrid.Testing.Servers;

namespace TuneGrid.Storage.Tests.Postgres;

/// <summary>The store behind a pooler in transaction mode, without any setting.</summary>
public sealed class PgBouncerStudyStoreTests(PgBouncer bouncer) : DurableStoreContract, IClassFixture<PgBouncer>
{
    private protected override async Task<IStudyStore> OpenAsync()
    {
        var location = StoreLocation.Parse(bouncer.ConnectionString, null, _ => null);
        await StoreAdministration.InitAsync(location, None);
        return (await StoreOpener.OpenAsync(location)).Studies;
    }

    private protected override Task AdvanceAsync(TimeSpan by) => PostgresStudyStoreTests.AdvanceAsync(bouncer.Server, Study, by);

    private protected override Task ChangeAsync(string sql) => PostgresStudyStoreTests.ChangeAsync(bouncer.Server, Study, sql);

    [StoreFact]
    public async Task Nobody_listens_where_notifications_get_lost()
    {
        await using var other = (PostgresStudyStore)await OpenAsync();
        var cursor = await other.WaitForChangeAsync(0, TimeSpan.Zero, None);
        var waiting = other.WaitForChangeAsync(cursor, Minute, None).AsTask();
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        Assert.NotEqual(cursor, await waiting.WaitAsync(Minute));
        Assert.False(other.IsListening);
        Assert.Equal(
            "0", await bouncer.Server.ReadAsync("SELECT count(*)::text FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"));
    }

    [StoreFact]
    public async Task Prepared_statements_that_somebody_insists_on_are_told_with_the_setting_that_helps()
    {
        var location = StoreLocation.Parse(bouncer.ConnectionString + ";Max Auto Prepare=20;Auto Prepare Min Usages=1", null, _ => null);
        var fault = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (true)
            {
                await using var store = await StoreOpener.OpenAsync(location);
                await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.Studies.ReadAsync(new($"{Study}-{i}"), 0, None).AsTask()));
            }
        });
        Assert.Contains("add Max Auto Prepare=0", fault.Message, StringComparison.Ordinal);
    }
}
