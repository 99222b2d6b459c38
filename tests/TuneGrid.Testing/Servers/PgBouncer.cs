using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TuneGrid.Testing.Processes;

namespace TuneGrid.Testing.Servers;

/// <summary>
/// A PostgreSQL server of its own behind PgBouncer in transaction mode: each transaction may get another of a few sessions.
/// </summary>
public sealed class PgBouncer : IDisposable
{
    private readonly PostgresServer? _server;
    private readonly string _folder = "";
    private readonly int _port;
    private readonly Process? _process;

    public PgBouncer()
    {
        if (Missing is not null)
            return;
        _server = new();
        _folder = Directory.CreateDirectory(Path.Combine("/tmp", "tg-pb-" + Path.GetRandomFileName()[..8])).FullName;
        _port = FreePort();
        var socket = new Npgsql.NpgsqlConnectionStringBuilder(_server.ConnectionString);
        File.WriteAllText(
            Path.Combine(_folder, "bouncer.ini"),
            FormattableString.Invariant(
                $"""
                [databases]
                postgres = host={socket.Host} port={socket.Port} user={socket.Username} password={socket.Password}
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {_port}
                auth_type = any
                pool_mode = transaction
                default_pool_size = 3
                unix_socket_dir =
                """));
        if (Environment.IsPrivilegedProcess)
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        string[] become = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        string[] command = [.. become, Needs.Program("pgbouncer")!, Path.Combine(_folder, "bouncer.ini")];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        while (!IsListening())
            Thread.Yield();
    }

    /// <summary>Why tests that need it are skipped, or null.</summary>
    public static string? Missing => PostgresServer.Missing
        ?? (Needs.Program("pgbouncer") is null ? "PgBouncer is not installed (/usr/sbin/pgbouncer)" : null);

    /// <summary>Past the pooler.</summary>
    internal PostgresServer Server => _server!;

    public string ConnectionString =>
        FormattableString.Invariant($"Host=127.0.0.1;Port={_port};Username=owner;Password=any;Database=postgres");

    public void Dispose()
    {
        if (_process is null)
            return;
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _server!.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private bool IsListening()
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"pgbouncer exited with {_process.ExitCode}");
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
