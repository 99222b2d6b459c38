using Microsoft.Data.Sqlite;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Storage.Sqlite;

/// <summary>The tables, and how an older file becomes a newer one. Migrations are only ever added.</summary>
internal static class SqliteSchema
{
    /// <summary>"TunG": tells our files from other programs' SQLite databases.</summary>
    private const long ApplicationId = 0x54756E47;

    /// <summary>SQLite's smallest page; a database has at least one.</summary>
    public const int SmallestFileBytes = 512;

    // Times are UTC ticks. A row of "events" is never updated.
    private const string First =
        """
        CREATE TABLE studies (id INTEGER PRIMARY KEY, study TEXT NOT NULL UNIQUE, last_sequence INTEGER NOT NULL,
          summary TEXT NOT NULL, chk INTEGER NOT NULL);
        CREATE TABLE events (study INTEGER NOT NULL, sequence INTEGER NOT NULL, event TEXT NOT NULL, chk INTEGER NOT NULL,
          PRIMARY KEY (study, sequence)) WITHOUT ROWID;
        CREATE TABLE leases (study TEXT NOT NULL, trial INTEGER NOT NULL, fence INTEGER NOT NULL, silo TEXT NOT NULL,
          expires_at INTEGER NOT NULL, progress TEXT, PRIMARY KEY (study, trial)) WITHOUT ROWID;
        CREATE TABLE silos (silo TEXT PRIMARY KEY, description TEXT NOT NULL, last_seen INTEGER NOT NULL,
          drain INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private const string SharedTexts =
        "CREATE TABLE shared_texts (name TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID";

    private const string PauseRequests = "ALTER TABLE leases ADD COLUMN pause INTEGER NOT NULL DEFAULT 0";

    // An hour: older releases say no length, and grant none that lasts longer.
    private const string LeaseLengths = "ALTER TABLE leases ADD COLUMN length INTEGER NOT NULL DEFAULT 36000000000";

    /// <summary>Entry i takes a file from version i to version i + 1.</summary>
    public static IReadOnlyList<string> Migrations { get; } = [First, SharedTexts, PauseRequests, LeaseLengths];

    /// <summary>Creates, upgrades or accepts the schema. An older file is copied beside itself before it is touched.</summary>
    /// <exception cref="StoreUnusableException">It is another program's database, or a newer TuneGrid's.</exception>
    public static void Prepare(SqliteSession session, string file, IReadOnlyList<string> migrations)
    {
        if (Version(session, file, migrations.Count) == migrations.Count)
            return;
        var start = TimeProvider.System.GetTimestamp();
        while (!session.TryBeginWrite())
        {
            if (TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(30))
                throw new StoreUnavailableException($"the store {file} is busy: another process holds its lock; try again");
        }
        session.Finish(_ =>
        {
            // Another process may have upgraded while this one waited for the lock.
            var version = Version(session, file, migrations.Count);
            if (version > 0 && version < migrations.Count)
                BackUp(file, version);
            for (var i = version; i < migrations.Count; i++)
                session.Run(migrations[i]);
            session.Run(FormattableString.Invariant($"PRAGMA user_version = {migrations.Count}"));
            session.Run(FormattableString.Invariant($"PRAGMA application_id = {ApplicationId}"));
            return true;
        });
    }

    private static int Version(SqliteSession session, string file, int newest)
    {
        var version = (int)session.Number("PRAGMA user_version");
        var ours = session.Number("PRAGMA application_id") == ApplicationId;
        if (!ours && session.Number("SELECT count(*) FROM sqlite_master") > 0)
            throw new StoreUnusableException($"{file} is another program's SQLite database, not a TuneGrid store: choose another --store");
        if (version > newest)
        {
            throw new StoreUnusableException(
                $"the store {file} was written by a newer TuneGrid (schema {version}, this one knows {newest}): update TuneGrid");
        }
        return ours ? version : 0;
    }

    /// <summary>
    /// Copies through a connection of its own, which sees what was committed: VACUUM INTO is refused inside a transaction.
    /// </summary>
    private static void BackUp(string file, int version)
    {
        var backup = file + FormattableString.Invariant($".schema{version}.bak");
        for (var i = 2; File.Exists(backup); i++)
            backup = file + FormattableString.Invariant($".schema{version}-{i}.bak");
        using var copy = new SqliteSession(file, SqliteOpenMode.ReadWrite, TimeSpan.FromSeconds(5));
        copy.Run("VACUUM INTO ?1", backup);
    }
}
