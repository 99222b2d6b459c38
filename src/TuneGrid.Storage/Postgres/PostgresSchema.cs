using Npgsql;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Storage.Postgres;

/// <summary>The tables, in a schema of their own, and how an older database becomes a newer one. Migrations are only ever added.</summary>
internal static class PostgresSchema
{
    /// <summary>Any number that nobody else uses: two people who upgrade at once take turns.</summary>
    private const long AdvisoryLock = 0x54756E4772696400;

    // Events are text, not jsonb: their bytes are hashed, and jsonb would write them anew.
    private const string First =
        """
        CREATE TABLE tunegrid.studies (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, study text NOT NULL UNIQUE,
          last_sequence bigint NOT NULL, summary text NOT NULL, chk bigint NOT NULL);
        CREATE TABLE tunegrid.events (study text NOT NULL, sequence bigint NOT NULL, event text NOT NULL, chk bigint NOT NULL,
          PRIMARY KEY (study, sequence));
        CREATE TABLE tunegrid.leases (study text NOT NULL, trial integer NOT NULL, fence bigint NOT NULL, silo text NOT NULL,
          expires_at timestamptz NOT NULL, progress text, PRIMARY KEY (study, trial));
        CREATE TABLE tunegrid.silos (silo text PRIMARY KEY, description text NOT NULL,
          last_seen timestamptz NOT NULL, drain boolean NOT NULL DEFAULT false);
        CREATE TABLE tunegrid.artifacts (hash text PRIMARY KEY, bytes bigint NOT NULL, stored_at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE tunegrid.artifact_chunks (hash text NOT NULL REFERENCES tunegrid.artifacts ON DELETE CASCADE,
          chunk integer NOT NULL, data bytea NOT NULL, PRIMARY KEY (hash, chunk));
        ALTER TABLE tunegrid.artifact_chunks ALTER COLUMN data SET STORAGE EXTERNAL;
        """;

    private const string SharedTexts =
        "CREATE TABLE tunegrid.shared_texts (name text PRIMARY KEY, version bigint NOT NULL, body text NOT NULL)";

    private const string PauseRequests =
        """
        ALTER TABLE tunegrid.leases ADD COLUMN IF NOT EXISTS pause boolean NOT NULL DEFAULT false;
        ALTER TABLE tunegrid.silos ADD COLUMN IF NOT EXISTS drain_now boolean NOT NULL DEFAULT false;
        """;

    // An hour: older releases say no length, and grant none that lasts longer.
    private const string LeaseLengths =
        "ALTER TABLE tunegrid.leases ADD COLUMN IF NOT EXISTS length interval NOT NULL DEFAULT interval '1 hour'";

    // Creating a schema that is there needs rights on the whole database, so look first.
    private const string CreateSchema =
        """
        DO $$ BEGIN
          IF to_regnamespace('tunegrid') IS NULL THEN CREATE SCHEMA tunegrid; END IF;
        END $$;
        CREATE TABLE tunegrid.schema_version (version integer NOT NULL);
        INSERT INTO tunegrid.schema_version VALUES (0);
        """;

    /// <summary>The least that a silo works with; it can neither change nor delete an event. See deploy/postgres-roles.sql.</summary>
    private const string GrantSilo =
        """
        DO $$ BEGIN
          IF to_regrole('tunegrid_silo') IS NOT NULL THEN
            GRANT USAGE ON SCHEMA tunegrid TO tunegrid_silo;
            GRANT SELECT ON tunegrid.schema_version TO tunegrid_silo;
            GRANT SELECT, INSERT, UPDATE (last_sequence, summary, chk) ON tunegrid.studies TO tunegrid_silo;
            GRANT SELECT, INSERT ON tunegrid.events TO tunegrid_silo;
            GRANT SELECT, INSERT, UPDATE, DELETE ON tunegrid.leases, tunegrid.silos TO tunegrid_silo;
            GRANT SELECT, INSERT, DELETE ON tunegrid.artifacts TO tunegrid_silo;
            GRANT SELECT, INSERT ON tunegrid.artifact_chunks TO tunegrid_silo;
            GRANT SELECT, INSERT, UPDATE ON tunegrid.shared_texts TO tunegrid_silo;
          END IF;
        END $$;
        """;

    /// <summary>Entry i takes a database from version i to version i + 1.</summary>
    public static IReadOnlyList<string> Migrations { get; } = [First, SharedTexts, PauseRequests, LeaseLengths];

    /// <exception cref="StoreUnusableException">It has no tables yet, or an older or newer schema.</exception>
    public static async ValueTask RequireAsync(PostgresConnections connections, CancellationToken cancellation)
    {
        var version = await connections.RepeatAsync(VersionAsync, cancellation);
        if (version == 0)
        {
            throw new StoreUnusableException(
                $"the store {connections.Place} is not initialised: run 'tunegrid store init' as the owner of the database");
        }
        if (version < Migrations.Count)
        {
            throw new StoreUnusableException(
                $"the store {connections.Place} has the older schema {version} of {Migrations.Count}: "
                    + "run 'tunegrid store upgrade' as its owner");
        }
        RefuseNewer(connections, version);
    }

    /// <summary>Creates the tables that are missing. Returns the version before.</summary>
    public static ValueTask<int> MigrateAsync(PostgresConnections connections, bool create, CancellationToken cancellation) =>
        connections.OnceAsync(async (connection, token) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(token);
            await RunAsync(connection, FormattableString.Invariant($"SELECT pg_advisory_xact_lock({AdvisoryLock})"), token);
            var version = await VersionAsync(connection, token);
            RefuseNewer(connections, version);
            if (version == 0 && !create)
                throw new StoreUnusableException($"the store {connections.Place} is not initialised: run 'tunegrid store init'");
            if (version == 0)
                await RunAsync(connection, CreateSchema, token);
            for (var i = version; i < Migrations.Count; i++)
                await RunAsync(connection, Migrations[i], token);
            await RunAsync(
                connection, FormattableString.Invariant($"UPDATE tunegrid.schema_version SET version = {Migrations.Count}"), token);
            await RunAsync(connection, GrantSilo, token);
            await transaction.CommitAsync(token);
            return version;
        }, cancellation);

    private static void RefuseNewer(PostgresConnections connections, int version)
    {
        if (version > Migrations.Count)
        {
            throw new StoreUnusableException(
                $"the store {connections.Place} was written by a newer TuneGrid "
                    + $"(schema {version}, this one knows {Migrations.Count}): update TuneGrid");
        }
    }

    private static async ValueTask<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // Through the catalog, which everybody may read: a missing table is an answer here, not an error.
        await using var exists = new NpgsqlCommand(
            """
            SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'tunegrid' AND c.relname = 'schema_version'
            """,
            connection);
        if (await exists.ExecuteScalarAsync(cancellation) is null)
            return 0;
        await using var version = new NpgsqlCommand("SELECT version FROM tunegrid.schema_version", connection);
        return await version.ExecuteScalarAsync(cancellation) is int number ? number : 0;
    }

    private static async ValueTask RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
