using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using TuneGrid.Coordination.Studies;
using TuneGrid.Testing;
using TuneGrid.Testing.Processes;
using TuneGrid.Testing.Servers;

namespace TuneGrid.EndToEnd.Tests.Stores;

/// <summary>TLS to PostgreSQL as deploy/README.md tells it, with certificates made by the very commands that stand there.</summary>
public sealed partial class TlsTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [NeedsFact(Need.PostgreSql, Need.OpenSsl)]
    public async Task A_verified_server_is_used_and_any_other_refused()
    {
        var (good, other) = (MakeCertificates("good"), MakeCertificates("other"));
        using var server = new PostgresServer(
            new("localhost", FreePort(), Path.Combine(good, "server.crt"), Path.Combine(good, "server.key")));
        var (store, authority) = (server.ConnectionStringByAddress, $";SSL Mode=VerifyFull;Root Certificate={good}/ca.crt");

        await WorksAsync("store", "init", "--store", store + authority);
        await WorksAsync("studies", "--store", store + authority);
        await WorksAsync("studies", "--store", $"{Uri(store)}?sslmode=verify-full&sslrootcert={good}/ca.crt");

        await IsRefusedAsync(
            "signed by the authority in Root Certificate", store + $";SSL Mode=VerifyFull;Root Certificate={other}/ca.crt");
        await IsRefusedAsync("made out to the name in Host", store.Replace("localhost", "127.0.0.1", StringComparison.Ordinal) + authority);
        await IsRefusedAsync($"{good}/nosuch.crt", store + $";SSL Mode=VerifyFull;Root Certificate={good}/nosuch.crt");
        await IsRefusedAsync("PEM", store + $";SSL Mode=VerifyFull;Root Certificate={_sandbox.Write("story.txt", "Once upon a time")}");
        await IsRefusedAsync("SSL Mode", store + ";SSL Mode=Disable");
    }

    [NeedsFact(Need.PostgreSql, Need.OpenSsl)]
    public async Task A_server_without_TLS_is_refused_where_it_is_asked_for()
    {
        var certificates = MakeCertificates("good");
        using var server = new PostgresServer(new("localhost", FreePort()));
        await WorksAsync("store", "init", "--store", server.ConnectionStringByAddress);
        await IsRefusedAsync("TLS", $"{server.ConnectionStringByAddress};SSL Mode=VerifyFull;Root Certificate={certificates}/ca.crt");
    }

    private async Task WorksAsync(params string[] command)
    {
        using var process = await TuneGridProcess.RunAsync(_sandbox, command);
        Assert.True(process.ExitCode == 0, process.Errors);
    }

    private async Task IsRefusedAsync(string why, string store)
    {
        using var process = await TuneGridProcess.RunAsync(_sandbox, "studies", "--store", store);
        ErrorMessage.Check(process, 1, "postgresql://", why);
    }

    private static string Uri(string connection)
    {
        var parts = connection.Split(';').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        return $"postgresql://{parts["Username"]}:{parts["Password"]}@{parts["Host"]}:{parts["Port"]}/{parts["Database"]}";
    }

    /// <summary>
    /// Runs the commands of deploy/README.md for a server that is called localhost instead of db; returns the folder of their files.
    /// </summary>
    private string MakeCertificates(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, name)).FullName;
        var commands = OpenSslLine()
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "README.md")))
            .Select(m => m.Groups["command"].Value)
            .ToList();
        Assert.Equal(3, commands.Count);
        foreach (var command in commands)
        {
            var local = command.Replace("CN=db", "CN=localhost", StringComparison.Ordinal)
                .Replace("DNS:db", "DNS:localhost", StringComparison.Ordinal);
            var start = new ProcessStartInfo("bash", ["-c", local])
            {
                WorkingDirectory = folder, RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{command}\n{errors}");
        }
        return folder;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("^    (?<command>openssl .*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OpenSslLine();
}
