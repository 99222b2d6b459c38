using System.Collections.Concurrent;
using System.Text;
using TuneGrid.Testing.Processes;
using TuneGrid.Testing.Servers;

namespace TuneGrid.EndToEnd.Tests.Stores;

/// <summary>
/// The store's password, which is a word that stands nowhere else, is in nothing that any command prints, traces or writes.
/// </summary>
[Trait("Category", "Slow")]
public sealed class SecretTests : IDisposable
{
    private const string Password = "Xyzzy-7f3c-Plugh", WrongPassword = "Wrong-Xyzzy-7f3c";
    private readonly Sandbox _sandbox = new();
    private readonly ConcurrentBag<string> _printed = [];

    public void Dispose() => _sandbox.Dispose();

    [NeedsFact(Need.PostgreSql)]
    public async Task A_password_is_never_printed_traced_or_stored()
    {
        using var server = new PostgresServer();
        await server.ExecuteAsync($"CREATE ROLE someone LOGIN SUPERUSER PASSWORD '{Password}'");
        var store = server.ConnectionString.Replace(
            "Username=owner;Password=owner-secret", $"Username=someone;Password={Password}", StringComparison.Ordinal);
        await _sandbox.AddStoriesAsync();
        var space = _sandbox.WriteSpace("tiny", trials: 3, steps: 9, rungs: 2);

        await RunAsync(0, store, "store", "init");
        await RunAsync(0, store, "search", space, "--trace", "console", "--trace-sql", "--trace-orleans");
        await RunAsync(0, store, "start-silo", "--idle-exit", "0", "--trace", "lines", "--trace-sql");
        string[] commands =
        [
            "show tiny", "trials tiny", "best", "studies", "silos", "doctor",
            "studies --output json", "doctor --output json", "store upgrade",
        ];
        foreach (var command in commands)
            await RunAsync(0, store, command.Split(' '));
        await RunAsync(
            0, store, "train", "--corpus", "tiny", "--set", "vocabulary=300", "--budget", "0.2", "--trace", "lines", "--out",
            Path.Combine(_sandbox.Folder, "model.safetensors"));

        var wrong = store.Replace(Password, WrongPassword, StringComparison.Ordinal);
        var lost = $"Host=nowhere.invalid;Username=someone;Password={Password}";
        string[] mistyped =
        [
            store.Replace("Host=", "Hots=", StringComparison.Ordinal),
            $"postgresql://someone:{Password}@nowhere:99999/grid",
            store + ";Timeout=soon",
        ];
        string[] connecting = ["studies", "start-silo", $"search {space}", "store init", "doctor --output json"];
        foreach (var command in connecting.Select(c => c.Split(' ')))
        {
            await Task.WhenAll(
                [RunAsync(1, wrong, command), RunAsync(1, lost, command), .. mistyped.Select(text => RunAsync(2, text, command))]);
        }

        Assert.All(_printed, IsClean);
        foreach (var file in Directory.EnumerateFiles(_sandbox.Folder, "*", SearchOption.AllDirectories))
        {
            IsClean(file);
            IsClean(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
        }
        IsClean(await server.ReadAsync("SELECT schema_to_xml('tunegrid', true, false, '')::text"));
    }

    /// <summary>With the store in the environment, as deploy/README.md wants it, and with every detail that a failure can show.</summary>
    private async Task RunAsync(int exitCode, string store, params string[] command)
    {
        using var process = TuneGridProcess.Start(
            _sandbox, command, new Dictionary<string, string> { ["TUNEGRID_STORE"] = store, ["TUNEGRID_DEBUG"] = "1" });
        await process.ExitAsync();
        Assert.True(
            process.ExitCode == exitCode, $"{string.Join(' ', command)}: exit code {process.ExitCode}\n{process.Output}\n{process.Errors}");
        _printed.Add($"tunegrid {string.Join(' ', command)}\n{process.Output}\n{process.Errors}");
    }

    private static void IsClean(string text)
    {
        Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
        Assert.DoesNotContain(WrongPassword, text, StringComparison.Ordinal);
    }
}
