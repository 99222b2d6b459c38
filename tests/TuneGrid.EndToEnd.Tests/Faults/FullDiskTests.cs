using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests.Faults;

/// <summary>A search whose disk is full: one clear line, exit code 1, no trial blamed for it, and it goes on once there is space.</summary>
public sealed class FullDiskTests
{
    [NeedsTheory(Need.Unix)]
    [InlineData(150, "checkpoint")]
    [InlineData(40, "corpus")]
    public async Task A_full_disk_costs_no_trial(int kibibytes, string what)
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var space = sandbox.WriteSpace("tiny", trials: 3, steps: 9, rungs: 2);
        await File.WriteAllTextAsync(space, (await File.ReadAllTextAsync(space)).Replace("[16, 32]", "[64, 96]", StringComparison.Ordinal));
        // The store is there already, as on a disk that fills up later.
        using (var listed = await TuneGridProcess.RunAsync(sandbox, "studies"))
            Assert.Equal(0, listed.ExitCode);

        using var search = TuneGridProcess.StartOnFullDisk(sandbox, kibibytes, "search", space);
        Assert.True(await search.ExitAsync() == 1, search.Output + search.Errors);
        Assert.DoesNotContain("   at ", search.Errors, StringComparison.Ordinal);
        var error = search.Errors.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("tunegrid: ", error, StringComparison.Ordinal);
        Assert.True(
            error.Contains("disk", StringComparison.Ordinal) || error.Contains("space", StringComparison.Ordinal)
                || error.Contains(what, StringComparison.Ordinal),
            error);

        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        if ((await store.Studies.ListAsync(default)) is [var study, ..])
        {
            Assert.DoesNotContain(await store.Studies.ReadAsync(study.Id, 0, default), e => e.Event is TrialFailed);
            using var resumed = TuneGridProcess.Start(sandbox, ["resume", study.Id.Value]);
            Assert.True(await resumed.ExitAsync() == 0, resumed.Output + resumed.Errors);
            LedgerInvariants.Check(await store.Studies.ReadAsync(study.Id, 0, default));
        }
    }
}
