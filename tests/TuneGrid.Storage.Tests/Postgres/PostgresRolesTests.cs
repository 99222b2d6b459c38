using Npgsql;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Testing.Contracts;
using TuneGrid.Testing.Servers;

namespace TuneGrid.Storage.Tests.Postgres;

/// <summary>
/// The script of deploy/ as a person runs it: it makes the two roles, and the silo's can append to the ledger but not change it.
/// </summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresRolesTests(PostgresServer server)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [StoreFact]
    public async Task The_silo_s_role_appends_to_the_ledger_and_changes_nothing_in_it()
    {
        var database = await server.NewDatabaseAsync();
        var script = await File.ReadAllTextAsync(Path.Combine(Root(), "deploy", "postgres-roles.sql"));
        await PostgresServer.ExecuteAsync(
            database,
            script.Replace(":'owner_password'", "'one'", StringComparison.Ordinal)
                .Replace(":'silo_password'", "'two'", StringComparison.Ordinal));
        var (owner, silo) = (As(database, "tunegrid_owner", "one"), As(database, "tunegrid_silo", "two"));
        await StoreAdministration.InitAsync(Location(owner), None);

        await using (var store = await StoreOpener.OpenAsync(Location(silo)))
        {
            var study = new StudyId("s");
            Assert.True(await store.Studies.TryAppendAsync(Sample.Grant(study, 0, 0, 1, Sample.SiloA, 60), None));
            Assert.Equal(LeaseRenewal.Held, await store.Studies.RenewAsync(study, new(0), new(1), TimeSpan.FromMinutes(1), null, None));
            Assert.True(await store.Studies.TakeTurnAsync(study, 1, (_, _) => Sample.Release(study, 1, 0), None));
            Assert.Equal(2, (await store.Studies.ReadAsync(study, 0, None)).Count);
            Assert.Equal(DrainRequest.None, await store.Studies.AnnounceAsync(Sample.Silo(Sample.SiloA), None));
            await store.Studies.DepartAsync(Sample.SiloA, None);
        }
        string[] forbidden =
        [
            "UPDATE tunegrid.events SET event = ''", "DELETE FROM tunegrid.events", "DELETE FROM tunegrid.studies",
            "DROP TABLE tunegrid.leases", "CREATE TABLE tunegrid.mine (x int)",
        ];
        foreach (var sql in forbidden)
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => PostgresServer.ExecuteAsync(silo, sql));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    private static StoreLocation Location(string connection) =>
        StoreLocation.Parse(connection, Path.Combine(Path.GetTempPath(), "tunegrid-unused"), _ => null);

    private static string As(string connection, string user, string password) =>
        connection.Replace("Username=owner", $"Username={user}", StringComparison.Ordinal)
            .Replace("Password=owner-secret", $"Password={password}", StringComparison.Ordinal);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "TuneGrid.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("the tests lie outside the repository");
        return folder.FullName;
    }
}
