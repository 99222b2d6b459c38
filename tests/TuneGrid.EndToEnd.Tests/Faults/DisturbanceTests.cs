using System.Diagnostics;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests.Faults;

/// <summary>A real silo whose processor is taken by others while it trains.</summary>
[Collection(WholeMachine.Name)]
public sealed class DisturbanceTests
{
    private const int BurnersPerProcessor = 6, Trials = 5;

    [NeedsFact(Need.Unix)]
    [Trait("Category", "Slow")]
    public async Task Trials_trained_beside_busy_programs_are_marked()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var file = sandbox.WriteSpace("tiny", Trials, steps: 4, rungs: 1);
        await File.WriteAllTextAsync(
            file, (await File.ReadAllTextAsync(file)).Replace("\"steps\": 4", "\"seconds\": 3", StringComparison.Ordinal));

        using var search = TuneGridProcess.Start(sandbox, ["search", file, "--output", "json"]);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, search);
        await LedgerWaits.UntilAsync(store.Studies, study, ledger => ledger.Any(e => e.Event is RungReached));
        var burners = Enumerable.Range(0, BurnersPerProcessor * Environment.ProcessorCount)
            .Select(_ => Process.Start("sh", ["-c", "while :; do :; done"]))
            .ToList();
        try
        {
            await LedgerWaits.UntilAsync(store.Studies, study, ledger => ledger.Count(e => e.Event is RungReached) == Trials);
        }
        finally
        {
            burners.ForEach(b => b.Kill());
            burners.ForEach(b => b.Dispose());
        }
        Assert.True(await search.ExitAsync() == 0, search.Errors);
        // The first saw none of the others, the second only some; of the rest one may be lucky.
        var beside = (await TuneGridProcess.RunJsonAsync(sandbox, "trials", study.Value)).AsArray().Skip(2).ToList();
        Assert.True(
            beside.Count(t => (bool)t!["disturbed"]! && (double)t["relative_speed"]! <= 0.75) >= Trials - 3,
            string.Join('\n', beside.Select(t => t!.ToJsonString())));
        Assert.Contains("of its silo's norm", search.Errors, StringComparison.Ordinal);
    }
}
