using System.Globalization;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;
using Xunit.Abstractions;

namespace TuneGrid.EndToEnd.Tests.Faults;

/// <summary>A loss of a machine is no event of a search: what was killed and resumed decides as what nobody touched.</summary>
[Trait("Category", "Slow")]
public sealed class KilledSearchTests(ITestOutputHelper output)
{
    private const int Kills = 20, Trials = 27, MostEventsBetween = 6;

    [NeedsFact(Need.Unix)]
    public async Task Twenty_kills_of_the_only_silo_give_the_promotions_and_the_champion_of_a_study_that_nobody_touched()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var space = sandbox.WriteSpace("tiny", Trials, steps: 90);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        using (var calm = await TuneGridProcess.RunAsync(sandbox, "search", space, "--name", "calm"))
            Assert.True(calm.ExitCode == 0, calm.Errors);

        await StormAsync(sandbox, space, store.Studies);

        var (untouched, killed) = (await DecisionsAsync(store.Studies, "calm"), await DecisionsAsync(store.Studies, "storm"));
        Assert.Equal(untouched, killed);
        LedgerInvariants.Check(await store.Studies.ReadAsync(new("storm"), 0, default));
    }

    private async Task StormAsync(Sandbox sandbox, string space, IStudyStore store)
    {
        var (random, seen) = (new Random(FaultPlan.Seed), 1);
        output.WriteLine($"seed {FaultPlan.Seed}; {FaultPlan.SeedVariable}={FaultPlan.Seed} draws the same kills again");
        var search = TuneGridProcess.Start(sandbox, ["search", space, "--name", "storm"]);
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                var until = seen + random.Next(1, MostEventsBetween + 1);
                var ledger = await LedgerWaits.UntilAsync(
                    store, new("storm"), l => l.Count >= until || l is [.., { Event: StudyCompleted }]);
                search.KillHard();
                await search.ExitAsync();
                search.Dispose();
                seen = ledger.Count;
                search = TuneGridProcess.Start(sandbox, ["resume", "storm"]);
            }
            Assert.True(await search.ExitAsync() == 0, search.Errors);
        }
        finally
        {
            search.Dispose();
        }
    }

    /// <summary>What was decided and scored, in order, to the last bit; not when, under which fence or after how many tries.</summary>
    private static async Task<IReadOnlyList<string>> DecisionsAsync(IStudyStore store, string study)
    {
        var ledger = await store.ReadAsync(new StudyId(study), 0, default);
        return [.. ledger.Select(e => Decision(e.Event)).OfType<string>()];
    }

    private static string? Decision(StudyEvent happened) => happened switch
    {
        TrialProposed proposed => $"{proposed.Trial} is {proposed.Configuration}",
        RungReached reached => string.Create(
            CultureInfo.InvariantCulture, $"{reached.Trial} scores {reached.Result.BitsPerByte:R} at rung {reached.Rung}"),
        TrialPromoted promoted => $"{promoted.Trial} goes on to rung {promoted.ToRung}: {promoted.Why}",
        TrialCompleted completed => $"{completed.Trial} completed",
        TrialFailed failed => $"{failed.Trial} failed: {failed.Reason}",
        _ => null,
    };
}
