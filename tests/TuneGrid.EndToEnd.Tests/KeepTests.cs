using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests;

/// <summary>What lies in the artifact folder once a search has returned: what its space keeps, whoever was killed on the way.</summary>
public sealed class KeepTests
{
    [Theory]
    [InlineData("champion", 2)]
    [InlineData("finalists", 6)]
    [InlineData("all", 15)]
    public async Task After_a_search_its_space_says_how_many_files_are_left(string keep, int files)
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var space = sandbox.WriteSpace("tiny", trials: 9, steps: 9, rungs: 2, scheduler: "successive_halving");

        var result = await TuneGridProcess.RunJsonAsync(sandbox, "search", space, "--set", $"keep={keep}");

        Assert.Equal(files, Artifacts(sandbox).Count);
        Assert.Equal(Artifacts(sandbox).Count, (int)result["kept"]!["artifacts"]!);
        Assert.Equal(Artifacts(sandbox).Sum(f => f.Length), (long)result["kept"]!["bytes"]!);
        Assert.Contains(Artifacts(sandbox), f => f.FullName == (string)result["best"]!["model"]!);
    }

    [NeedsFact(Need.Unix)]
    public async Task A_search_that_was_killed_leaves_nothing_more_once_it_is_resumed()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var space = sandbox.WriteSpace("tiny", trials: 9, steps: 90, rungs: 2);
        using var search = TuneGridProcess.Start(sandbox, ["search", space]);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, search);
        await LedgerWaits.UntilAsync(store.Studies, study, l => l.Count(e => e.Event is RungReached) >= 2);
        search.KillHard();
        await search.ExitAsync();
        // As one that was killed between storing and recording.
        var stray = Path.Combine(sandbox.Home, "stray");
        await File.WriteAllTextAsync(stray, "stored and never recorded");
        await store.Artifacts.PutAsync(stray, CancellationToken.None);

        var result = await TuneGridProcess.RunJsonAsync(sandbox, "resume", study.Value);

        Assert.Equal(2 * (int)result["rungs"]![1]!["entered"]!, Artifacts(sandbox).Count);
    }

    [NeedsFact(Need.Unix)]
    public async Task A_search_without_a_silo_of_its_own_leaves_no_more_either()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        using var silo = TuneGridProcess.Start(sandbox, ["start-silo"]);

        var result = await TuneGridProcess.RunJsonAsync(
            sandbox, "search", sandbox.WriteSpace("tiny", trials: 9, steps: 9, rungs: 2), "--no-silo");

        Assert.Equal(2 * (int)result["rungs"]![1]!["entered"]!, Artifacts(sandbox).Count);
        silo.KillHard();
    }

    private static List<FileInfo> Artifacts(Sandbox sandbox) =>
        [.. new DirectoryInfo(Path.Combine(sandbox.Home, "artifacts", "objects")).EnumerateFiles("*", SearchOption.AllDirectories)];
}
