using Npgsql;
using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Studies;
using TuneGrid.EndToEnd.Tests.Faults;
using TuneGrid.EndToEnd.Tests.Processes;
using TuneGrid.Runtime.Hosting;
using TuneGrid.Runtime.Storage;
using TuneGrid.Runtime.Tests.Storage;

namespace TuneGrid.Orleans.Tests.Processes;

/// <summary>One Orleans silo on another machine, whose cable is pulled out, beside two that stay and one of the store runtime, all on one PostgreSQL study.</summary>
[Collection(PostgresTests.Name)]
[Trait("Category", "Slow")]
public sealed class NetworkFaultTests(PostgresServer server)
{
    private const int Cuts = 3, RungsAfterwards = 5;

    /// <param name="isStoreCutToo">If not, both sides go on deciding at the ledger, and the two that outvote it declare it dead: it knocks until it is let in again.</param>
    [CableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silo_that_is_cut_off_costs_nothing_that_was_finished(bool isStoreCutToo)
    {
        using var cable = new CableMachine();
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var database = await server.NewDatabaseAsync();
        var location = StoreLocation.Parse(database, null, name => name == "TUNEGRID_HOME" ? sandbox.Home : null);
        await StoreAdministration.InitAsync(location, CancellationToken.None);
        await using var relay = new StoreRelay(CableMachine.Here, new NpgsqlConnectionStringBuilder(database).Host!);
        var remote = new NpgsqlConnectionStringBuilder(database) { Host = CableMachine.Here, Port = relay.Port }.ConnectionString;

        using TuneGridProcess near = Start(sandbox, database, Orleans("near", CableMachine.Here)), beside = Start(sandbox, database, Orleans("beside", CableMachine.Here));
        using var plain = Start(sandbox, database, ["start-silo", "--threads", "1", "--name", "plain", "--runtime", "store"]);
        using var far = Start(sandbox, isStoreCutToo ? remote : database, Orleans("far", CableMachine.There), cable.Wrapper);
        using var search = Start(sandbox, database, ["search", sandbox.WriteSpace("tiny", trials: 3000, steps: 9000), "--no-silo"]);
        await using var store = await StoreOpener.OpenAsync(location);
        var study = await LedgerWaits.FirstStudyAsync(store.Studies);
        var seen = (await UntilAsync(store, study, 0, e => IsLeaseOf(e, "far"))).Count;
        for (var cut = 0; cut < Cuts; cut++)
        {
            cable.Pull();
            seen = (await UntilAsync(store, study, seen, e => e is LeaseExpired or TrialPaused)).Count;
            if (!isStoreCutToo && cut == 0)
                await far.SaysAsync("trying again");
            cable.Plug();
            seen = (await UntilAsync(store, study, seen, e => IsLeaseOf(e, "far"))).Count;
        }
        var finished = 0;
        seen = (await UntilAsync(store, study, seen, e => e is RungReached && ++finished >= RungsAfterwards)).Count;
        Assert.True(await new StudyWatcher(store.Studies, study, SpacePlanner.Read).CancelAsync("enough", CancellationToken.None));

        Assert.True(await search.ExitAsync() == 1, search.Errors);
        foreach (var silo in new[] { near, beside, plain, far })
        {
            silo.Terminate();
            Assert.True(await silo.ExitAsync() == 0, silo.Errors);
            Assert.DoesNotContain("Exception", silo.Errors, StringComparison.Ordinal);
        }
        LedgerInvariants.Check(await store.Studies.ReadAsync(study, 0, CancellationToken.None), amountTolerance: 0);
    }

    private static string[] Orleans(string name, string listen) => ["start-silo", "--threads", "1", "--name", name, "--runtime", "orleans", "--listen", listen];

    private static TuneGridProcess Start(Sandbox sandbox, string database, string[] arguments, IReadOnlyList<string>? wrapper = null) => TuneGridProcess.Start(
        sandbox, arguments, new Dictionary<string, string> { ["TUNEGRID_STORE"] = database, ["TUNEGRID_LEASE_SECONDS"] = "6" }, wrapper);

    /// <summary>Waits for an event beyond those already seen.</summary>
    private static Task<IReadOnlyList<RecordedEvent>> UntilAsync(OpenedStore store, StudyId study, int seen, Func<StudyEvent, bool> happened)
    {
        return LedgerWaits.UntilAsync(store.Studies, study, ledger =>
        {
            for (; seen < ledger.Count; seen++)
            {
                if (happened(ledger[seen].Event))
                    return true;
            }
            return false;
        });
    }

    private static bool IsLeaseOf(StudyEvent happened, string silo) => happened is SegmentLeased leased && leased.Silo.Value.StartsWith(silo + "-", StringComparison.Ordinal);
}
