using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Studies;
using TuneGrid.EndToEnd.Tests.Faults;
using TuneGrid.EndToEnd.Tests.Processes;
using TuneGrid.Runtime.Storage;
using TuneGrid.Runtime.Tests.Storage;

namespace TuneGrid.Orleans.Tests.Processes;

/// <summary>A test that is skipped by name where no PostgreSQL server can be started.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}

/// <summary>Real silos of both runtimes on one PostgreSQL study, killed and frozen; afterwards the ledger alone must show that nothing was lost or counted twice.</summary>
[Collection(PostgresTests.Name)]
[Trait("Category", "Slow")]
public sealed class PostgresFaultTests(PostgresServer server)
{
    private const int Faults = 30;

    /// <summary>A frozen silo stays so for this many faults: long enough for its cluster to bury it.</summary>
    private const int FrozenFor = 4;

    private static readonly string[] s_runtimes = ["orleans", "orleans", "orleans", "store"];

    [PostgresFact]
    public async Task Thirty_faults_cost_nothing_that_was_finished()
    {
        var random = new Random(1);
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var database = await server.NewDatabaseAsync();
        var location = StoreLocation.Parse(database, null, name => name == "TUNEGRID_HOME" ? sandbox.Home : null);
        await StoreAdministration.InitAsync(location, CancellationToken.None);
        var environment = new Dictionary<string, string> { ["TUNEGRID_STORE"] = database, ["TUNEGRID_LEASE_SECONDS"] = "6" };

        var silos = s_runtimes.Select(r => StartSilo(sandbox, r, environment)).ToArray();
        var search = TuneGridProcess.Start(sandbox, ["search", sandbox.WriteSpace("tiny", trials: 90, steps: 90), "--no-silo"], environment);
        await using var store = await StoreOpener.OpenAsync(location);
        var study = await LedgerWaits.FirstStudyAsync(store.Studies);

        var frozen = new Queue<(TuneGridProcess Silo, int ThawAt)>();
        for (var (fault, seen) = (0, 0); fault < Faults; fault++)
        {
            seen += random.Next(1, 4);
            seen = (await LedgerWaits.UntilAsync(store.Studies, study, l => l.Count >= seen || l[^1].Event is StudyCompleted)).Count;
            while (frozen.TryPeek(out var next) && next.ThawAt <= fault)
                frozen.Dequeue().Silo.Thaw();
            var victim = random.Next(silos.Length + 1);
            if (victim == silos.Length)
            {
                search.KillHard();
                search.Dispose();
                search = TuneGridProcess.Start(sandbox, ["resume", study.Value, "--no-silo"], environment);
            }
            else if (random.Next(4) == 0 && frozen.All(f => f.Silo != silos[victim]) && frozen.Count == 0)
            {
                silos[victim].Freeze();
                frozen.Enqueue((silos[victim], fault + FrozenFor));
            }
            else if (frozen.All(f => f.Silo != silos[victim]))
            {
                silos[victim].KillHard();
                silos[victim].Dispose();
                silos[victim] = StartSilo(sandbox, s_runtimes[victim], environment);
            }
            else
            {
                fault--;
            }
        }
        foreach (var (silo, _) in frozen)
            silo.Thaw();

        Assert.True(await search.ExitAsync() == 0, search.Output + search.Errors + string.Concat(silos.Select(s => s.Errors)));
        var ledger = await store.Studies.ReadAsync(study, 0, CancellationToken.None);
        LedgerInvariants.Check(ledger, amountTolerance: 0);
        Assert.Equal(90, ledger.Count(e => e.Event is TrialProposed));
        Assert.IsType<StudyCompleted>(ledger[^1].Event);
        Assert.Contains(ledger, e => e.Event is LeaseExpired);
        foreach (var silo in silos)
        {
            silo.Terminate();
            Assert.Equal(0, await silo.ExitAsync());
            silo.Dispose();
        }
        search.Dispose();
    }

    private static TuneGridProcess StartSilo(Sandbox sandbox, string runtime, Dictionary<string, string> environment)
        => TuneGridProcess.Start(sandbox, ["start-silo", "--threads", "1", "--runtime", runtime, "--name", runtime], environment);
}
