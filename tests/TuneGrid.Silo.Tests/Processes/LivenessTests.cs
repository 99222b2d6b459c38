using System.Diagnostics;
using System.Globalization;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;
using Xunit.Abstractions;

namespace TuneGrid.Silo.Tests.Processes;

/// <summary>
/// What becomes of the trial of a silo that is killed, frozen as by a closed lid, or only slow. Leases last five minutes here, longer than
/// anybody waits: it is the cluster that notices. Prints how soon.
/// </summary>
[Collection(PostgresTests.Name)] // Only so that no two fleets run at once.
[Trait("Category", "Slow")]
public sealed class LivenessTests(ITestOutputHelper output)
{
    private const int Times = 5, BurnersPerProcessor = 6, RungsBesideBurners = 60;

    [Fact]
    public async Task The_trial_of_a_killed_silo_that_holds_the_study_s_grain_runs_elsewhere()
    {
        var seconds = new List<double>();
        for (var time = 0; time < Times; time++)
        {
            using var fleet = await OneTrialFleet.StartAsync();
            seconds.Add(await fleet.LoseHolderAsync(h => h.KillHard()));
        }
        Print("killed", seconds);
    }

    [NeedsFact(Need.Unix)]
    public async Task The_trial_of_a_frozen_silo_runs_elsewhere_and_a_thawed_one_joins_again_with_nothing_to_say()
    {
        var seconds = new List<double>();
        for (var time = 0; time < Times; time++)
        {
            using var fleet = await OneTrialFleet.StartAsync();
            seconds.Add(await fleet.LoseHolderAsync(h => h.Freeze()));
            fleet.Holder.Thaw();
            await fleet.Holder.SaysAsync("was taken over by somebody else");
            await fleet.Holder.SaysAsync("it joins again");
            LedgerInvariants.Check(await fleet.Store.Studies.ReadAsync(fleet.Study, 0, default));
        }
        Print("frozen", seconds);
    }

    [NeedsFact(Need.Unix)]
    public async Task A_silo_that_is_only_slow_is_never_taken_for_dead()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        using TuneGridProcess one = Silos.Start(sandbox, "one"), two = Silos.Start(sandbox, "two");
        await Silos.PresentAsync(store.Studies, 2);
        var burners = Enumerable.Range(0, BurnersPerProcessor * Environment.ProcessorCount)
            .Select(_ => Process.Start("sh", ["-c", "while :; do :; done"])).ToList();
        try
        {
            var space = sandbox.WriteSpace("tiny", trials: 3000, steps: 2700);
            using var search = TuneGridProcess.Start(sandbox, ["search", space, "--no-silo"]);
            var study = await LedgerWaits.FirstStudyAsync(store.Studies, search);
            var ledger = await LedgerWaits.UntilAsync(
                store.Studies, study, l => l.Count(e => e.Event is RungReached) >= RungsBesideBurners);
            Assert.DoesNotContain(ledger, e => e.Event is LeaseExpired);
            Assert.Equal(2, ledger.Select(e => e.Event).OfType<SegmentLeased>().Select(l => l.Silo).Distinct().Count());
        }
        finally
        {
            burners.ForEach(b => b.Kill());
            burners.ForEach(b => b.Dispose());
        }
        Assert.DoesNotContain("joins again", one.Errors + two.Errors, StringComparison.Ordinal);
    }

    private void Print(string what, IReadOnlyList<double> seconds)
    {
        var all = string.Join(", ", seconds.Select(s => s.ToString("F1", CultureInfo.InvariantCulture)));
        var median = seconds.Order().ElementAt(seconds.Count / 2).ToString("F1", CultureInfo.InvariantCulture);
        var line = $"the trial of a {what} silo runs elsewhere after {median} s at the median ({all})";
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
