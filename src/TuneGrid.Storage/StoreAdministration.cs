using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage.Postgres;
using TuneGrid.Storage.Sqlite;

namespace TuneGrid.Storage;

/// <summary>
/// What the owner of a store does, and nobody by accident: creating and upgrading its tables. Both may be called again and change nothing
/// then.
/// </summary>
public static class StoreAdministration
{
    /// <summary>Creates the tables, or upgrades them if an older TuneGrid did.</summary>
    /// <exception cref="StoreUnusableException">The role may not create, or the schema is a newer TuneGrid's.</exception>
    public static Task InitAsync(StoreLocation location, CancellationToken cancellation) =>
        MigrateAsync(location, create: true, cancellation);

    /// <summary>Upgrades the tables of an older TuneGrid.</summary>
    /// <exception cref="StoreUnusableException">There are none, the role may not change them, or they are a newer TuneGrid's.</exception>
    public static Task UpgradeAsync(StoreLocation location, CancellationToken cancellation) =>
        MigrateAsync(location, create: false, cancellation);

    private static async Task MigrateAsync(StoreLocation location, bool create, CancellationToken cancellation)
    {
        switch (location)
        {
            case StoreLocation.Sqlite sqlite when !create && !File.Exists(sqlite.File):
                throw new StoreUnusableException($"there is no store {sqlite}: run 'tunegrid store init'");
            case StoreLocation.Sqlite sqlite:
                await SqliteStudyStore.Open(sqlite.File, TimeProvider.System).DisposeAsync();
                break;
            case StoreLocation.Postgres postgres:
                await using (var connections = new PostgresConnections(postgres.ConnectionString, postgres.ToString()))
                    await PostgresSchema.MigrateAsync(connections, create, cancellation);
                break;
        }
    }
}
