using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Scheduling;

public class MedianStopTests
{
    [Fact]
    public void A_trial_runs_rung_after_rung_before_the_next_one_starts_unless_it_is_worse_than_the_median()
    {
        var scheduler = Schedulers.Create(Studies.Space(SchedulerType.MedianStop, 4, 3));
        Assert.Equal(["start", "t0 to 1", "t0 to 2"], Run(scheduler, 0, 1.0));
        Assert.Equal(["start"], Run(scheduler, 1, 2.0));
        Assert.Equal(["start", "t2 to 1", "t2 to 2"], Run(scheduler, 2, 0.5));
        // The third of four.
        Assert.Equal(["start"], Run(scheduler, 3, 1.5));
        Assert.IsType<Decision.Finished>(scheduler.Next());
    }

    [Fact]
    public void The_median_is_the_cutoff_and_a_failed_trial_is_the_worst()
    {
        var scheduler = Studies.Started(SchedulerType.MedianStop, 4, 2);
        scheduler.Failed(new(0));
        scheduler.Reached(new(1), 0, 5);
        scheduler.Reached(new(2), 0, 4);
        var promote = Assert.IsType<Decision.Promote>(scheduler.Next());
        Assert.Equal((new TrialId(2), new PromotionReason(0, 4, 0, 3, 5)), (promote.Trial, promote.Why));
        scheduler.Promoted(new(2), 1);
        Assert.Equal(new TrialId(1), Assert.IsType<Decision.Promote>(scheduler.Next()).Trial);
    }

    [Fact]
    public void Where_most_have_failed_the_cutoff_is_the_worst_score_that_there_is()
    {
        var scheduler = Studies.Started(SchedulerType.MedianStop, 3, 2);
        scheduler.Failed(new(0));
        scheduler.Failed(new(1));
        scheduler.Reached(new(2), 0, 4);
        Assert.Equal(new PromotionReason(0, 4, 0, 3, 4), Assert.IsType<Decision.Promote>(scheduler.Next()).Why);
    }

    /// <summary>One silo: what it does until the trial stops.</summary>
    private static List<string> Run(IScheduler scheduler, int trial, double score)
    {
        var done = new List<string>();
        while (true)
        {
            switch (scheduler.Next())
            {
                case Decision.Start when done.Count == 0:
                    scheduler.Proposed(new(trial), 0);
                    scheduler.Reached(new(trial), 0, score);
                    done.Add("start");
                    break;
                case Decision.Promote promote:
                    scheduler.Promoted(promote.Trial, promote.ToRung);
                    scheduler.Reached(promote.Trial, promote.ToRung, score);
                    done.Add($"{promote.Trial} to {promote.ToRung}");
                    break;
                default:
                    return done;
            }
        }
    }
}
