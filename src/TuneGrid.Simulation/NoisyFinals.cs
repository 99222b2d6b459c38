using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Numerics;
using TuneGrid.Search.Space;

namespace TuneGrid.Simulation;

/// <summary>How a study ended whose true best is known.</summary>
/// <param name="SingleIsRight">Whether the best single run names the best configuration of those that saw the whole budget.</param>
/// <param name="ChampionIsRight">Whether the champion is that configuration.</param>
/// <param name="IsCalledTie">Whether that configuration is the champion or stands among its ties.</param>
/// <param name="IsInInterval">Whether the champion's true worth lies in its interval.</param>
/// <param name="SingleLoss">How much worse the configuration of the best single run truly is than the best.</param>
/// <param name="ChampionLoss">How much worse the champion's truly is.</param>
internal sealed record FinalsOutcome(
    bool SingleIsRight, bool ChampionIsRight, bool IsCalledTie, bool IsInInterval, double SingleLoss, double ChampionLoss);

/// <summary>
/// Successive halving by the real coordination over made-up configurations: each has a true worth, and each of its runs a luck of its own
/// that it keeps while the score falls. Earlier scores scatter more.
/// </summary>
internal static class NoisyFinals
{
    private const int Trials = 81, Rungs = 3;
    private const double Budget = 270, Spread = 0.03, Growth = 1.0 / 3;
    private static readonly HardwareClass Class = new("class");
    private static readonly ArtifactHash Artifact = new(new string('a', 64));

    /// <param name="noise">Standard deviation between runs of one configuration at the whole budget, as a share of that of worths.</param>
    public static FinalsOutcome Play(int seed, double noise, FinalistSpec finalists)
    {
        var random = new Random(seed);
        var state = new StudyState(new("noisy"), TestSpace.Plan);
        var worth = new Dictionary<int, double>();
        Append([new StudyCreated(
            default, "noisy", TestSpace.Json(Trials, Rungs, SchedulerType.Asha, finalists: finalists), TestSpace.Corpus, null)]);
        var offer = new WorkOffer(
            new("silo"), Class, default, TimeSpan.FromSeconds(30), [], new Dictionary<HardwareClass, long> { [Class] = long.MaxValue },
            new("token"));
        while (state.IsOpen)
        {
            var decision = Coordinator.Decide(state, offer);
            Append(decision.Events);
            if (decision is not WorkDecision.Run run)
                continue;
            var (own, amount) = (Own(run.Trial.Number), state.Trial(run.Trial).Segments[^1].ToAmount);
            if (!worth.ContainsKey(own))
                worth.Add(own, Spread * Normal(random));
            var luck = noise * Spread * Math.Pow(Budget / amount, Growth) * Normal(random);
            var result = new SegmentResult(
                2 + worth[own] + Math.Pow(Budget / amount, 0.5) + luck, 1, amount, amount, 1, 1, 1, 1, 1, Artifact, Artifact);
            var report = Coordinator.Report(state, run.Trial, run.Fence, offer.Token, new SegmentOutcome.Reached(result), default);
            Append(((ReportDecision.Record)report).Events);
        }
        return Outcome(state, worth);

        int Own(int number) => (state.Trials[number].RepeatOf ?? new(number)).Number;

        void Append(IEnumerable<StudyEvent> events)
        {
            foreach (var change in events)
                state.Apply(new(state.Sequence + 1, change));
        }
    }

    private static FinalsOutcome Outcome(StudyState state, Dictionary<int, double> worth)
    {
        var completed = state.Trials.Where(t => t is { Phase: TrialPhase.Completed, RepeatOf: null }).ToList();
        var best = completed.MinBy(t => worth[t.Id.Number])!.Id;
        var single = completed.MinBy(t => t.Rungs[^1]!.BitsPerByte)!.Id;
        var champion = state.Champions[Class];
        var truth = 3 + worth[champion.Trial.Number];
        return new(
            single == best, champion.Trial == best, champion.Trial == best || champion.Ties?.Contains(best) == true,
            champion.Interval is var (lower, upper) && lower <= truth && truth <= upper,
            worth[single.Number] - worth[best.Number], worth[champion.Trial.Number] - worth[best.Number]);
    }

    private static double Normal(Random random) => Elementary.NormalQuantile(random.NextDouble() + 1e-12);
}
