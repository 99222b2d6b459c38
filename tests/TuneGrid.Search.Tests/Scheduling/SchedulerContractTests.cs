using FsCheck.Xunit;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Scheduling;

/// <summary>What every scheduler owes its study, whatever the order in which silos report, fail and repeat themselves.</summary>
public class SchedulerContractTests
{
    [Property(MaxTest = 60)]
    public void Any_order_of_reports_keeps_the_rules(SchedulerType type, byte trials, byte rungs, byte silos, ulong seed)
    {
        var space = Studies.Space(type, 1 + (trials % 60), 1 + (rungs % 5));
        var run = new Simulation(space, 1 + (silos % 9), seed, failShare: seed % 3 * 0.1);

        run.ToTheEnd();

        Assert.Equal(space.Trials, run.Started);
        Assert.Equal(run.Promotions.Count, run.Promotions.Distinct().Count());
        Assert.All(run.Reasons, why => Assert.True(why.Rank < why.Competitors && why.Score <= why.Cutoff, $"{why}"));
        Assert.True(run.ReachedTop > 0 || run.Survivors == 0, "no trial saw the whole budget");
        Assert.Equal(0, run.IdleWhileWork);
    }

    [Property(MaxTest = 30)]
    public void Replaying_the_observations_gives_the_same_decisions(SchedulerType type, byte trials, ulong seed)
    {
        var space = Studies.Space(type, 1 + (trials % 40), 4);
        var run = new Simulation(space, 4, seed, failShare: 0.1);
        run.ToTheEnd();

        var replay = Schedulers.Create(space);
        for (var i = 0; i < run.Observations.Count; i++)
        {
            if (run.DecisionsBefore.TryGetValue(i, out var decision))
                Assert.Equal(decision, replay.Next());
            run.Observations[i](replay);
        }
    }

    [Property(MaxTest = 40)]
    public void Whatever_the_order_27_trials_become_9_and_3_and_1(bool waits, byte silos, ulong seed)
    {
        var type = waits ? SchedulerType.SuccessiveHalving : SchedulerType.Asha;
        var run = new Simulation(Studies.Space(type, 27, 4), 1 + (silos % 9), seed, failShare: 0);
        run.ToTheEnd();
        Assert.Equal([27, 9, 3, 1], run.EnteredPerRung);
    }

    [Property(MaxTest = 100)]
    public void The_best_of_all_trials_reaches_the_top_of_asha(byte trials, byte silos, ulong seed)
    {
        var run = new Simulation(Studies.Space(SchedulerType.Asha, 1 + (trials % 60), 4), 1 + (silos % 9), seed, failShare: 0);
        run.ToTheEnd();
        Assert.Contains(run.BestTrial, run.Top);
    }

    [Property(MaxTest = 100)]
    public void A_bracket_in_which_nearly_everything_fails_still_has_a_champion(bool waits, byte trials, ulong seed)
    {
        var type = waits ? SchedulerType.SuccessiveHalving : SchedulerType.Asha;
        var run = new Simulation(Studies.Space(type, 1 + (trials % 30), 4), 3, seed, failShare: 0.6);
        run.ToTheEnd();
        Assert.Equal(run.Survivors > 0, run.ReachedTop > 0);
    }

    [Fact]
    public void A_hundred_thousand_trials_are_no_burden()
    {
        var run = new Simulation(Studies.Space(SchedulerType.Asha, 100_000, 5), silos: 64, seed: 1, failShare: 0.01);
        run.ToTheEnd();
        Assert.Equal(100_000, run.Started);
    }
}
