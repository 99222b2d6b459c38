using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Scheduling;

public class PashaTests
{
    [Fact]
    public void Where_the_best_keep_their_places_only_the_leader_sees_more_than_the_second_rung()
    {
        var run = new Simulation(Studies.Space(SchedulerType.Pasha, 54, 5), 4, seed: 3, failShare: 0);
        run.ToTheEnd();
        Assert.Equal([54, 18, 1, 1, 1], run.EnteredPerRung);
        Assert.Equal([run.BestTrial], run.Top);
    }

    [Fact]
    public void Where_they_change_places_the_top_rung_grows()
    {
        var scheduler = Studies.Started(SchedulerType.Pasha, 9, 4);
        for (var i = 0; i < 9; i++)
            scheduler.Reached(new(i), 0, i);
        Assert.Equal(new(0), Climb(scheduler, 5));
        Assert.Equal(new(1), Climb(scheduler, 4));
        Assert.Equal(new(2), Climb(scheduler, 3));
        // 2 leads now, and was third before.
        var on = Assert.IsType<Decision.Promote>(scheduler.Next());
        Assert.Equal((new TrialId(2), 2), (on.Trial, on.ToRung));
        Assert.True(on.Why.Competitors >= 3 && on.Why.Rank == 0);
    }

    [Fact]
    public void Trials_that_cross_again_and_again_are_tied()
    {
        Rung[] rungs = [new(), new(), new()];
        double[][] scores = [[5.0, 5.1, 9], [4.1, 4.0, 8], [3.0, 3.05, 7]];
        for (var rung = 0; rung < rungs.Length; rung++)
        {
            for (var trial = 0; trial < 3; trial++)
                rungs[rung].Report(new(trial), scores[rung][trial]);
        }
        Assert.True(RankStability.Differs(rungs.AsSpan(0, 2)));
        Assert.True(RankStability.Differs(rungs));
        // As far apart as those two were, they are no longer told from each other.
        rungs[2].Report(new(1), 3.2);
        Assert.False(RankStability.Differs(rungs));
    }

    private static TrialId Climb(IScheduler scheduler, double score)
    {
        var promote = Assert.IsType<Decision.Promote>(scheduler.Next());
        scheduler.Promoted(promote.Trial, promote.ToRung);
        scheduler.Reached(promote.Trial, promote.ToRung, score);
        return promote.Trial;
    }
}
