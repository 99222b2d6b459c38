using System.Text.Json.Nodes;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests.Terminals;

/// <summary>A search in the background, and whoever looks at it.</summary>
public sealed class DetachTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [NeedsFact(Need.PseudoTerminal)]
    public async Task A_detached_search_outlives_its_terminal_and_watch_shows_it_to_its_end()
    {
        await _sandbox.AddStoriesAsync();
        using var search = TerminalProcess.Start(
            _sandbox, "", "search", _sandbox.WriteSpace("tiny", trials: 2, steps: 3000, rungs: 2), "--threads", "1", "--name", "one",
            "--detach");

        Assert.Equal(0, await search.ExitAsync());
        search.Close();

        Assert.Contains("tunegrid watch one", search.Shown, StringComparison.Ordinal);
        var watched = await TuneGridProcess.RunJsonAsync(_sandbox, "watch", "one");
        Assert.Equal(("one", "completed", 2), ((string?)watched["study"], (string?)watched["status"], (int?)watched["trials"]));
        var shown = await TuneGridProcess.RunJsonAsync(_sandbox, "show", "one");
        Assert.Equal(shown["best"]!.ToJsonString(), watched["best"]!.ToJsonString());
        var log = await File.ReadAllTextAsync(Path.Combine(_sandbox.Home, "logs", "one.log"));
        Assert.Contains("t0 rung 1", log, StringComparison.Ordinal);
    }

    [NeedsFact(Need.Unix)]
    public async Task A_detached_start_that_fails_says_so_and_ends_as_it_always_does()
    {
        await _sandbox.AddStoriesAsync();
        var space = _sandbox.WriteSpace("nowhere", trials: 2, steps: 6, rungs: 1);

        using var search = await TuneGridProcess.RunAsync(_sandbox, "search", space, "--detach");

        Assert.Equal(2, search.ExitCode);
        Assert.Contains("nowhere", Assert.Single(search.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(search.Output);
    }

    [NeedsFact(Need.Unix)]
    public async Task A_study_can_be_resumed_in_the_background_and_paused_from_anywhere()
    {
        await _sandbox.AddStoriesAsync();
        using var search = await TuneGridProcess.RunAsync(
            _sandbox, "search", _sandbox.WriteSpace("tiny", trials: 1, steps: 10_000_000, rungs: 1), "--threads", "1", "--name", "one",
            "--detach", "--output", "json");
        Assert.True(search.ExitCode == 0, search.Errors);
        Assert.Equal(Path.Combine(_sandbox.Home, "logs", "one.log"), (string?)JsonNode.Parse(search.LastLine)!["log"]);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(_sandbox.Home));

        for (var turn = 0; turn < 2; turn++)
        {
            await LedgerWaits.ProgressAsync(store.Studies, new("one"));
            using var pause = await TuneGridProcess.RunAsync(_sandbox, "pause", "one");
            Assert.True(pause.ExitCode == 0, pause.Errors);
            await LedgerWaits.UntilAsync(store.Studies, new("one"), l => l[^1].Event is TrialPaused);
            if (turn == 0)
            {
                using var resume = await TuneGridProcess.RunAsync(_sandbox, "resume", "one", "--threads", "1", "--detach");
                Assert.True(resume.ExitCode == 0, resume.Errors);
            }
        }
        LedgerInvariants.Check(await store.Studies.ReadAsync(new("one"), 0, default));
    }

    [NeedsFact(Need.Unix)]
    public async Task Whoever_stops_looking_at_a_study_does_not_touch_it()
    {
        await _sandbox.AddStoriesAsync();
        using var search = TuneGridProcess.Start(
            _sandbox, ["search", _sandbox.WriteSpace("tiny", trials: 1, steps: 10_000_000, rungs: 1), "--threads", "1", "--name", "one"]);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(_sandbox.Home));
        await LedgerWaits.ProgressAsync(store.Studies, new("one"));
        var before = await store.Studies.ReadAsync(new("one"), 0, default);
        using var watch = TuneGridProcess.Start(_sandbox, ["watch", "one"]);
        await watch.SaysAsync("t0 new");

        watch.Interrupt();

        Assert.Equal(130, await watch.ExitAsync());
        Assert.Equal(before.Count, (await store.Studies.ReadAsync(new("one"), 0, default)).Count);
        Assert.Single(await store.Studies.LeasesAsync(new("one"), default));
        Assert.False(search.HasExited);
    }
}
