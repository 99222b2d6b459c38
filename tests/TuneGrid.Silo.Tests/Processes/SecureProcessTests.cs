using TuneGrid.Storage;
using TuneGrid.Testing.Processes;

namespace TuneGrid.Silo.Tests.Processes;

/// <summary>A cluster with mutual TLS as people set it up: by commands alone.</summary>
public sealed class SecureProcessTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Two_silos_serve_who_has_a_certificate_of_their_authority_and_nobody_else()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var ours = await IssueAsync(sandbox, "ours", "127.0.0.2", "127.0.0.3");
        var theirs = await IssueAsync(sandbox, "theirs", "127.0.0.4");
        using TuneGridProcess one = Silo(sandbox, "127.0.0.2", ours), two = Silo(sandbox, "127.0.0.3", ours);
        await PresentAsync(sandbox, 2);

        using var stranger = Silo(sandbox, "127.0.0.4", theirs);
        await stranger.SaysAsync("no connection to 127.0.0.");
        await one.SaysAsync("refused a connection from 127.0.0.1: ");
        using var search = Search(sandbox, ours, steps: 300);
        Assert.True(await search.ExitAsync() == 0, search.Errors);
        Assert.DoesNotContain("no connection", search.Errors, StringComparison.Ordinal);

        // Long enough that it is still there when it is turned away.
        using var outsider = Search(sandbox, theirs, steps: 3_000_000);
        await outsider.SaysAsync("no connection to 127.0.0.");
        outsider.Interrupt();
        Assert.True(await outsider.ExitAsync() == 130, outsider.Errors);
        foreach (var process in new[] { stranger, one, two })
        {
            process.Terminate();
            await process.ExitAsync();
            Assert.DoesNotContain("   at ", process.Errors, StringComparison.Ordinal);
        }
        Assert.Equal((0, 0), (one.ExitCode, two.ExitCode));
    }

    private static async Task<string> IssueAsync(Sandbox sandbox, string folder, params string[] hosts)
    {
        var names = hosts.SelectMany(h => new[] { "--host", h });
        string[] command = ["cluster", "certificate", "--out", Path.Combine(sandbox.Folder, folder), .. names];
        return (await TuneGridProcess.RunJsonAsync(sandbox, command))["certificate"]!.GetValue<string>();
    }

    private static TuneGridProcess Silo(Sandbox sandbox, string address, string certificate) => TuneGridProcess.Start(
        sandbox, ["start-silo", "--threads", "1", "--name", address, "--listen", address, "--tls-certificate", certificate]);

    private static TuneGridProcess Search(Sandbox sandbox, string certificate, int steps) => TuneGridProcess.Start(
        sandbox, ["search", sandbox.WriteSpace("tiny", trials: 3, steps), "--no-silo"],
        new Dictionary<string, string> { ["TUNEGRID_TLS_CERTIFICATE"] = certificate });

    private static async Task PresentAsync(Sandbox sandbox, int silos)
    {
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        for (var cursor = 0L; (await store.Studies.SilosAsync(patience.Token)).Count < silos;)
            cursor = await store.Studies.WaitForChangeAsync(cursor, TimeSpan.FromMilliseconds(200), patience.Token);
    }
}
