using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests.Terminals;

/// <summary>A closed window, a cut SSH connection: the end of a terminal is a request to stop, and never a fault.</summary>
public sealed class LostTerminalTests : IDisposable
{
    private const int Hangup = 129, Endless = 10_000_000;
    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [NeedsFact(Need.PseudoTerminal)]
    public async Task A_search_whose_window_is_closed_keeps_its_progress_and_gives_its_lease_back()
    {
        await _sandbox.AddStoriesAsync();
        using var search = TerminalProcess.Start(
            _sandbox, "", "search", _sandbox.WriteSpace("tiny", trials: 2, steps: Endless, rungs: 1), "--threads", "1", "--name", "one");
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(_sandbox.Home));
        await LedgerWaits.ProgressAsync(store.Studies, new("one"));

        search.Close();

        Assert.Equal(Hangup, await search.ExitAsync());
        Assert.Contains("one", search.Shown, StringComparison.Ordinal);
        var ledger = await store.Studies.ReadAsync(new("one"), 0, default);
        var paused = Assert.IsType<TrialPaused>(ledger[^1].Event);
        Assert.True(paused.Amount > 0);
        Assert.Empty(await store.Studies.LeasesAsync(new("one"), default));
        LedgerInvariants.Check(ledger);
    }

    [NeedsTheory(Need.PseudoTerminal)]
    [InlineData("nohup")]
    [InlineData("setsid --wait")]
    public async Task A_search_that_was_told_to_outlive_its_terminal_ends_as_if_nothing_were(string before)
    {
        await _sandbox.AddStoriesAsync();
        using var search = TerminalProcess.Start(
            _sandbox, before, "search", _sandbox.WriteSpace("tiny", trials: 2, steps: 6000, rungs: 2), "--threads", "1", "--name", "one");
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(_sandbox.Home));
        await LedgerWaits.UntilAsync(store.Studies, new("one"), l => l.Any(e => e.Event is SegmentLeased));

        search.Close();

        Assert.Equal(0, await search.ExitAsync());
        Assert.Equal(StudyStatus.Completed, Assert.Single(await store.Studies.ListAsync(default)).Status);
    }

    [NeedsFact(Need.PseudoTerminal)]
    public async Task A_training_whose_window_is_closed_saves_its_model()
    {
        await _sandbox.AddStoriesAsync();
        var model = Path.Combine(_sandbox.Folder, "model.safetensors");
        using var train = TerminalProcess.Start(
            _sandbox, "", "train", "--corpus", "tiny", "--width", "16", "--depth", "1", "--set", "vocabulary=300", "--set", "context=32",
            "--budget", "3600", "--threads", "1", "--out", model);
        await train.ShowsAsync("tokens/s");

        train.Close();

        Assert.Equal(Hangup, await train.ExitAsync());
        using var sample = await TuneGridProcess.RunAsync(_sandbox, "sample", model, "--tokens", "3");
        Assert.True(sample.ExitCode == 0, sample.Errors);
    }

    [NeedsFact(Need.PseudoTerminal)]
    public async Task A_silo_whose_window_is_closed_leaves_in_good_order()
    {
        using var silo = TerminalProcess.Start(_sandbox, "", "start-silo", "--threads", "1");
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(_sandbox.Home));
        await LedgerWaits.SiloAsync(store.Studies);

        silo.Close();

        Assert.Equal(Hangup, await silo.ExitAsync());
        Assert.Empty(await store.Studies.SilosAsync(default));
    }
}
