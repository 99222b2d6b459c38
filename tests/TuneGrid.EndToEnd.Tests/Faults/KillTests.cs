using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Studies;
using TuneGrid.EndToEnd.Tests.Processes;
using TuneGrid.Runtime.Hosting;
using TuneGrid.Runtime.Storage;

namespace TuneGrid.EndToEnd.Tests.Faults;

/// <summary>Real processes on one store, killed with -9 at random moments; afterwards the ledger alone must show that nothing was lost or counted twice.</summary>
public class KillTests
{
    private const int Kills = 20;
    private static readonly Dictionary<string, string> s_shortLeases = new() { ["TUNEGRID_LEASE_SECONDS"] = "2" };

    [Theory]
    [InlineData(1)]
    public async Task Twenty_kills_cost_nothing_that_was_finished(int seed)
    {
        var random = new Random(seed);
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var space = sandbox.WriteSpace("tiny", trials: 60, steps: 90);

        var silos = new[] { StartSilo(sandbox), StartSilo(sandbox) };
        var search = TuneGridProcess.Start(sandbox, ["search", space, "--no-silo"], s_shortLeases);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        var study = await LedgerWaits.FirstStudyAsync(store.Studies);

        // A random number of ledger events apart, kill a random process and start it again; half of the kills hit a freshly started one.
        var kills = 0;
        for (var ledger = 0L; kills < Kills; kills++)
        {
            ledger = await EventsAfterAsync(store.Studies, study, ledger, random.Next(1, 5));
            if (ledger < 0)
                break;
            var victim = random.Next(3);
            if (victim < 2)
            {
                silos[victim].KillHard();
                silos[victim].Dispose();
                silos[victim] = StartSilo(sandbox);
            }
            else
            {
                search.KillHard();
                search.Dispose();
                search = TuneGridProcess.Start(sandbox, ["resume", study.Value, "--no-silo"], s_shortLeases);
            }
        }
        Assert.Equal(Kills, kills);

        Assert.True(await search.ExitAsync() == 0, search.Output + search.Errors);
        var recorded = await store.Studies.ReadAsync(study, 0, CancellationToken.None);
        LedgerInvariants.Check(recorded, amountTolerance: 0);
        Assert.Equal(60, recorded.Count(e => e.Event is TrialProposed));
        Assert.IsType<StudyCompleted>(recorded[^1].Event);
        Assert.Contains(recorded, e => e.Event is LeaseExpired);

        var summary = (await store.Studies.ListAsync(CancellationToken.None)).Single(s => s.Id == study);
        Assert.Equal(StudyState.Replay(study, SpacePlanner.Read, recorded).Summary.Champions.Single().Trial, summary.Champions.Single().Trial);
        foreach (var silo in silos)
        {
            silo.Terminate();
            await silo.ExitAsync();
            silo.Dispose();
        }
        search.Dispose();
    }

    private static TuneGridProcess StartSilo(Sandbox sandbox) => TuneGridProcess.Start(sandbox, ["start-silo", "--threads", "1"], s_shortLeases);

    /// <summary>Waits until the ledger holds <paramref name="count"/> more events; answers its new length, or -1 if the study ended first.</summary>
    private static async Task<long> EventsAfterAsync(IStudyStore store, StudyId study, long ledger, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        for (var cursor = 0L; ; cursor = await store.WaitForChangeAsync(cursor, TimeSpan.FromSeconds(1), patience.Token))
        {
            var events = await store.ReadAsync(study, ledger, patience.Token);
            if (events.Any(e => e.Event is StudyCompleted))
                return -1;
            if (events.Count >= count)
                return ledger + events.Count;
        }
    }
}
