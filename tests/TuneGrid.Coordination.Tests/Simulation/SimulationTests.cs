using System.Globalization;
using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Tests.Simulation;

/// <summary>
/// The real silo loop under everything that goes wrong. TUNEGRID_SIM_SEED replays one seed, TUNEGRID_SIM_SEEDS widens the run (10000 on demand).
/// </summary>
public sealed class SimulationTests
{
    private const int DefaultSeeds = 200;

    [Fact]
    public void A_study_survives_everything_and_finishes()
    {
        if (Number("TUNEGRID_SIM_SEED") is { } seed)
        {
            Survive(seed);
            return;
        }
        for (var i = 0; i < (Number("TUNEGRID_SIM_SEEDS") ?? DefaultSeeds); i++)
            Survive(i);
    }

    [Fact]
    public void The_same_seed_gives_the_same_ledger()
    {
        var first = new Cluster(5, PlanFor(5)).Run();
        var second = new Cluster(5, PlanFor(5)).Run();
        Assert.Equal(first.Select(e => EventJson.Write(e.Event)), second.Select(e => EventJson.Write(e.Event)));
    }

    [Fact]
    public void A_hundred_silos_share_one_study() => Share(100, 40);

    [Fact]
    [Trait("Category", "Slow")]
    public void A_thousand_silos_share_one_study() => Share(1000, 300);

    private static void Share(int silos, int trials)
    {
        var cluster = new Cluster(1, new(silos, 2, trials, 2, SchedulerType.Asha, DisturbancePolicy.Accept, TimeSpan.FromMinutes(5)));
        cluster.Run();
        Assert.Equal(2, cluster.State.Champions.Count);
    }

    private static void Survive(int seed)
    {
        try
        {
            var cluster = new Cluster(seed, PlanFor(seed));
            var ledger = cluster.Run();
            var state = cluster.State;
            Assert.Equal(StudyStatus.Completed, state.Status);
            Assert.DoesNotContain(state.Trials, t => t.Phase is TrialPhase.Running);
            Assert.All(state.Champions.Values, c => Assert.True(c.Result.Model is { } model && cluster.Artifacts.Holds(model), "a champion's model was pruned"));
            var replayed = StudyState.Replay(state.Id, TestSpace.Plan, ledger);
            Assert.Equal(Portrait(state), Portrait(replayed));
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"simulation failed; replay with TUNEGRID_SIM_SEED={seed}: {exception.Message}", exception);
        }
    }

    private static string Portrait(StudyState state) => string.Join(
        '\n', state.Trials.Select(t => $"{t.Id} {t.Phase} {string.Join(' ', t.Segments)} {string.Join(' ', t.Checkpoints)} {string.Join(' ', t.LostOn)}"));

    private static ClusterPlan PlanFor(int seed)
    {
        var random = new Random(seed);
        return new(
            random.Next(1, 13), random.Next(1, 4), random.Next(1, 40), random.Next(1, 5),
            (SchedulerType)random.Next(4), (DisturbancePolicy)random.Next(2), TimeSpan.FromMinutes(random.Next(0, 90)));
    }

    private static int? Number(string variable)
        => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
