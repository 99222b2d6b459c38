using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;
using Xunit.Abstractions;

namespace TuneGrid.EndToEnd.Tests.Faults;

/// <summary>
/// Real processes on one SQLite store, killed with -9 at random moments; afterwards the ledger alone must show that nothing was lost or
/// counted twice.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 20, Trials = 30;
    private static readonly Dictionary<FaultKind, int> Weights = new() { [FaultKind.KillSilo] = 2, [FaultKind.KillSearch] = 1 };

    [NeedsFact(Need.Unix)]
    public async Task Twenty_kills_cost_nothing_that_was_finished()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        using var fleet = new Fleet(
            sandbox, [new(Store: null), new(Store: null)], sandbox.WriteSpace("tiny", Trials, steps: 90), leaseSeconds: 2);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, fleet.Search);
        var run = new FaultRun(fleet, store.Studies, study, Trials, output.WriteLine);
        await run.InflictAsync(Kills, Weights);
        await run.EndAsync();
    }
}
