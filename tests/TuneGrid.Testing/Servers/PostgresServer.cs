using System.Diagnostics;
using Npgsql;
using TuneGrid.Simulation;
using TuneGrid.Storage;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Testing.Servers;

/// <summary>What a server of its own has besides a socket in its folder.</summary>
/// <param name="Address">An address of this machine that it listens on; empty for the socket alone.</param>
/// <param name="Certificate">Its certificate for TLS, a PEM file; null speaks none.</param>
/// <param name="Key">The certificate's key.</param>
internal sealed record PostgresSettings(string Address = "", int Port = 5432, string? Certificate = null, string? Key = null);

/// <summary>
/// A PostgreSQL server in a temporary folder: one for all tests that need no other, reachable through a socket in that folder alone.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private static readonly string? Binaries = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql")
            .Select(v => Path.Combine(v, "bin"))
            .Where(b => File.Exists(Path.Combine(b, "initdb")))
            .Order()
            .LastOrDefault()
        : null;

    private readonly string _folder = "";
    private readonly PostgresSettings _settings;

    public PostgresServer()
        : this(new())
    {
    }

    internal PostgresServer(PostgresSettings settings)
    {
        _settings = settings;
        if (Binaries is null)
            return;
        // Sockets have short names, and the server's user must be able to enter: straight under /tmp.
        _folder = Directory.CreateDirectory(Path.Combine("/tmp", "tg-pg-" + Path.GetRandomFileName()[..8])).FullName;
        if (Environment.IsPrivilegedProcess)
            Shell($"chown postgres {_folder}", privileged: true);
        Shell($"{Binaries}/initdb -D {_folder}/data -A scram-sha-256 -U owner --pwfile=<(echo owner-secret) --no-sync");
        if (settings.Address.Length > 0)
        {
            var host = settings.Certificate is null ? "host" : "hostssl";
            Shell($"tee {_folder}/data/pg_hba.conf <<< $'local all all scram-sha-256\\n{host} all all all scram-sha-256'");
        }
        if (settings.Certificate is not null)
            InstallCertificate();
        Start();
    }

    /// <summary>Why tests that need a server are skipped, or null.</summary>
    public static string? Missing => Binaries is null ? "PostgreSQL is not installed (/usr/lib/postgresql/*/bin/initdb)" : null;

    public string ConnectionString => Through(_folder);

    /// <summary>The same through the address it listens on.</summary>
    public string ConnectionStringByAddress => Through(_settings.Address);

    /// <summary>Opens the store of this server, which the first caller creates.</summary>
    internal async Task<OpenedStore> OpenAsync()
    {
        var location = StoreLocation.Parse(ConnectionString, Path.Combine(_folder, "unused"), _ => null);
        await StoreAdministration.InitAsync(location, CancellationToken.None);
        return await StoreOpener.OpenAsync(location);
    }

    /// <summary>An empty database beside the store, as a connection string.</summary>
    internal async Task<string> NewDatabaseAsync()
    {
        var name = "db_" + Path.GetRandomFileName()[..8];
        await ExecuteAsync($"CREATE DATABASE {name}");
        return ConnectionString.Replace("Database=postgres", $"Database={name}", StringComparison.Ordinal);
    }

    internal Task ExecuteAsync(string sql) => ExecuteAsync(ConnectionString, sql);

    /// <summary>The first column of a query's only row.</summary>
    internal async Task<string> ReadAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>It flushes nothing for seconds unless it must, so that what a test's writer didn't wait for is lost in a crash.</summary>
    public void Start()
    {
        var tls = _settings.Certificate is null ? "" : "-c ssl=on";
        var options = $"-k {_folder} -p {_settings.Port} -c listen_addresses='{_settings.Address}' "
            + $"-c fsync=off -c wal_writer_delay=10s {tls}";
        Shell($"{Binaries}/pg_ctl -D {_folder}/data -l {_folder}/log -w -o \"{options}\" start");
    }

    /// <summary>Stops the server as a crash of its machine's software would: connections are cut, nothing is said.</summary>
    public void Stop() => Shell($"{Binaries}/pg_ctl -D {_folder}/data -m immediate -w stop");

    /// <summary>Stops the server as its administrator does: transactions are rolled back, connections closed.</summary>
    public void ShutDown() => Shell($"{Binaries}/pg_ctl -D {_folder}/data -m fast -w stop");

    public void Dispose()
    {
        if (_folder.Length == 0)
            return;
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private string Through(string host) =>
        FormattableString.Invariant($"Host={host};Port={_settings.Port};Username=owner;Password=owner-secret;Database=postgres");

    /// <summary>Under the names that it looks for by itself; it refuses a key that others could read.</summary>
    private void InstallCertificate()
    {
        foreach (var (from, name) in new[] { (_settings.Certificate!, "server.crt"), (_settings.Key!, "server.key") })
        {
            var to = $"{_folder}/data/{name}";
            File.Copy(from, to);
            if (Environment.IsPrivilegedProcess)
                Shell($"chown postgres {to}", privileged: true);
            Shell($"chmod 600 {to}");
        }
    }

    /// <summary>A server refuses to run as root, so its commands run as the user "postgres" then.</summary>
    private static void Shell(string command, bool privileged = false)
    {
        var start = Environment.IsPrivilegedProcess && !privileged
            ? new ProcessStartInfo(
                "setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", "bash", "-c", $"cd / && {command} >/dev/null"])
            : new ProcessStartInfo("bash", ["-c", $"{command} >/dev/null"]);
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{command}' failed with exit code {process.ExitCode}");
    }
}
