using TuneGrid.Simulation;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;
using TuneGrid.Testing.Servers;
using Xunit.Abstractions;

namespace TuneGrid.Silo.Tests.Processes;

/// <summary>
/// Real silos on one PostgreSQL study, killed and frozen; afterwards the ledger alone must show that nothing was lost or counted twice.
/// </summary>
[Collection(PostgresTests.Name)]
[Trait("Category", "Slow")]
public sealed class PostgresFaultTests(PostgresServer server, ITestOutputHelper output)
{
    private const int Faults = 30, Trials = 60;
    private static readonly Dictionary<FaultKind, int> Weights = new()
    {
        [FaultKind.KillSilo] = 3, [FaultKind.KillSearch] = 1, [FaultKind.Freeze] = 1,
    };

    [NeedsFact(Need.PostgreSql)]
    public async Task Thirty_faults_cost_nothing_that_was_finished()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var database = await server.NewDatabaseAsync();
        var location = StoreLocation.Parse(database, null, name => name == "TUNEGRID_HOME" ? sandbox.Home : null);
        await StoreAdministration.InitAsync(location, CancellationToken.None);

        // A silo sleeps for as long as its lease, which is long enough for its cluster to bury it.
        var place = new SiloPlace(database);
        using var fleet = new Fleet(sandbox, [place, place, place, place], sandbox.WriteSpace("tiny", Trials, steps: 90), leaseSeconds: 6);
        await using var store = await StoreOpener.OpenAsync(location);
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, fleet.Search);
        var run = new FaultRun(fleet, store.Studies, study, Trials, output.WriteLine);
        await run.InflictAsync(Faults, Weights);
        await run.EndAsync();
    }
}
