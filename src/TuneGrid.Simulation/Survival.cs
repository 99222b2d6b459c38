using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Search.Space;

namespace TuneGrid.Simulation;

/// <summary>One seed decides a fleet, a study and everything that goes wrong; the study must survive it.</summary>
internal static class Survival
{
    /// <exception cref="InvalidOperationException">It did not; the message says how to see it again.</exception>
    public static void Run(int seed)
    {
        try
        {
            var cluster = new Cluster(seed, PlanFor(seed));
            var ledger = cluster.Run();
            var state = cluster.State;
            Invariant.Holds(state.Status == StudyStatus.Completed, "the study completes");
            Invariant.Holds(!state.Trials.Any(t => t.Phase is TrialPhase.Running), "no trial runs in a study that has ended");
            var kept = Kept(state);
            Invariant.Holds(
                kept.All(h => cluster.Artifacts.Holds(h)), "at the end of a study everything is there that its space keeps");
            new ArtifactSweep(cluster.Store, cluster.Artifacts, TestSpace.Plan, ownsArtifacts: true)
                .TidyAsync(default).AsTask().GetAwaiter().GetResult();
            Invariant.Holds(
                kept.Count == cluster.Artifacts.Count && kept.All(h => cluster.Artifacts.Holds(h)),
                "whoever starts next leaves what its space keeps, and nothing else");
            var replayed = StudyState.Replay(state.Id, TestSpace.Plan, ledger);
            Invariant.Holds(Portrait(state) == Portrait(replayed), "a full replay equals memory");
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(
                $"simulation failed at seed {seed} (replay: TUNEGRID_SIM_SEED={seed} dotnet test, "
                + $"or TuneGrid.Benchmarks simulate --seed {seed}): {exception.Message}",
                exception);
        }
    }

    /// <summary>By the results alone, not by what the coordination made of them.</summary>
    private static HashSet<ArtifactHash> Kept(StudyState state)
    {
        var results = state.Trials.Select(t => t.Phase).OfType<TrialPhase.Completed>().Select(c => c.Result);
        if (state.Space.Keep == Retention.Champion)
            results = state.Champions.Values.Select(c => c.Result);
        return [.. results.SelectMany(r => new[] { r.Checkpoint, r.Model!.Value })];
    }

    public static ClusterPlan PlanFor(int seed)
    {
        var random = new Random(seed);
        return new(
            random.Next(1, 13), random.Next(1, 4), random.Next(1, 40), random.Next(1, 5),
            (SchedulerType)random.Next(4), (DisturbancePolicy)random.Next(2), TimeSpan.FromMinutes(random.Next(0, 90)))
        {
            Keep = (Retention)random.Next(2),
            Finalists = random.Next(2) == 0 ? new(random.Next(1, 4), random.Next(1, 4)) : null,
        };
    }

    private static string Portrait(StudyState state) => string.Join(
        '\n',
        state.Trials.Select(t => string.Join(
            ' ', $"{t.Id} {t.Phase}", string.Join(' ', t.Segments), string.Join(' ', t.Checkpoints), string.Join(' ', t.Losses))));
}
