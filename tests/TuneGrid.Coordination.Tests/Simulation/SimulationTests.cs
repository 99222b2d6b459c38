using System.Globalization;
using TuneGrid.Coordination.Json;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Simulation;

/// <summary>
/// The real worker under everything that goes wrong. TUNEGRID_SIM_SEED replays one seed, TUNEGRID_SIM_SEEDS widens the run (10000 on
/// demand).
/// </summary>
public sealed class SimulationTests
{
    private const int DefaultSeeds = 200;

    [Fact]
    public void A_study_survives_everything_and_finishes()
    {
        if (Number("TUNEGRID_SIM_SEED") is { } seed)
        {
            Survival.Run(seed);
            return;
        }
        for (var i = 0; i < (Number("TUNEGRID_SIM_SEEDS") ?? DefaultSeeds); i++)
            Survival.Run(i);
    }

    [Fact]
    public void The_same_seed_gives_the_same_ledger()
    {
        var first = new Cluster(5, Survival.PlanFor(5)).Run();
        var second = new Cluster(5, Survival.PlanFor(5)).Run();
        Assert.Equal(first.Select(e => EventJson.Write(e.Event)), second.Select(e => EventJson.Write(e.Event)));
    }

    [Fact]
    public void A_hundred_silos_share_one_study() => Share(100, 40);

    [Fact]
    [Trait("Category", "Slow")]
    public void A_thousand_silos_share_one_study() => Share(1000, 300);

    /// <summary>Faults for half a minute: in minutes of so many nearly every trial would lose silos of two hosts, and end.</summary>
    private static void Share(int silos, int trials)
    {
        var cluster = new Cluster(1, new(silos, 2, trials, 2, SchedulerType.Asha, DisturbancePolicy.Accept, TimeSpan.FromSeconds(30)));
        cluster.Run();
        Assert.Equal(2, cluster.State.Champions.Count);
    }

    private static int? Number(string variable)
        => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
