using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Scheduling;

/// <summary>Controls, trials beyond the number, second tries and more trials than were planned.</summary>
public class TrialRoleTests
{
    [Fact]
    public void A_control_goes_on_whatever_its_score_and_takes_no_place()
    {
        var scheduler = Schedulers.Create(Studies.Space(SchedulerType.Asha, 4, 3));
        scheduler.Proposed(new(0), 0, TrialRole.Control);
        for (var i = 1; i < 4; i++)
            scheduler.Proposed(new(i), 0);
        Assert.IsType<Decision.Wait>(scheduler.Next());
        for (var i = 1; i < 4; i++)
            scheduler.Reached(new(i), 0, i);
        scheduler.Reached(new(0), 0, 99);

        var why = new PromotionReason(0, 99, 3, 4, 1) { Control = true };
        Assert.Equal(new Decision.Promote(new(0), 1, why), scheduler.Next());
        scheduler.Promoted(new(0), 1);
        Assert.Equal(new Decision.Promote(new(1), 1, new(0, 1, 0, 3, 1)) { Next = 2 }, scheduler.Next());
        scheduler.Promoted(new(1), 1);
        scheduler.Reached(new(0), 1, 98);
        Assert.Equal(2, Assert.IsType<Decision.Promote>(scheduler.Next()).ToRung);
        scheduler.Promoted(new(0), 2);
        scheduler.Reached(new(0), 2, 97);
        Assert.IsType<Decision.Wait>(scheduler.Next());
        // That it is at the top does not keep the best of the others from it.
        scheduler.Reached(new(1), 1, 1);
        Assert.Equal(new Decision.Promote(new(1), 2, new(1, 1, 0, 1, 1)), scheduler.Next());
        scheduler.Promoted(new(1), 2);
        scheduler.Reached(new(1), 2, 1);
        Assert.IsType<Decision.Finished>(scheduler.Next());
    }

    [Fact]
    public void A_control_that_fails_holds_nobody_up()
    {
        var scheduler = Schedulers.Create(Studies.Space(SchedulerType.SuccessiveHalving, 2, 2));
        scheduler.Proposed(new(0), 0, TrialRole.Control);
        scheduler.Proposed(new(1), 0);
        scheduler.Failed(new(0));
        scheduler.Reached(new(1), 0, 1);
        Assert.Equal(new TrialId(1), Assert.IsType<Decision.Promote>(scheduler.Next()).Trial);
        scheduler.Promoted(new(1), 1);
        scheduler.Reached(new(1), 1, 1);
        Assert.IsType<Decision.Finished>(scheduler.Next());
        scheduler.Retried(new(0));
        Assert.IsType<Decision.Wait>(scheduler.Next());
        scheduler.Reached(new(0), 0, 5);
        Assert.Equal(new TrialId(0), Assert.IsType<Decision.Promote>(scheduler.Next()).Trial);
    }

    [Fact]
    public void An_extra_trial_competes_without_using_up_the_number()
    {
        var scheduler = Schedulers.Create(Studies.Space(SchedulerType.Asha, 2, 2));
        scheduler.Proposed(new(0), 0);
        scheduler.Proposed(new(1), 0, TrialRole.Extra);
        Assert.IsType<Decision.Start>(scheduler.Next());
        scheduler.Proposed(new(2), 0);
        for (var i = 0; i < 3; i++)
            scheduler.Reached(new(i), 0, i == 1 ? 0 : 5);
        Assert.Equal(new TrialId(1), Assert.IsType<Decision.Promote>(scheduler.Next()).Trial);
    }

    [Fact]
    public void A_retried_trial_has_not_entered_its_rung()
    {
        var scheduler = Studies.Started(SchedulerType.SuccessiveHalving, trials: 3, rungs: 2);
        scheduler.Reached(new(0), 0, 2);
        scheduler.Reached(new(1), 0, 3);
        scheduler.Failed(new(2));
        Assert.IsType<Decision.Promote>(scheduler.Next());
        scheduler.Retried(new(2));
        Assert.IsType<Decision.Wait>(scheduler.Next());
        scheduler.Reached(new(2), 0, 1);
        Assert.Equal(new Decision.Promote(new(2), 1, new(0, 1, 0, 3, 1)) { Next = 2 }, scheduler.Next());
    }

    [Theory]
    [InlineData(SchedulerType.Asha)]
    [InlineData(SchedulerType.SuccessiveHalving)]
    [InlineData(SchedulerType.Random)]
    [InlineData(SchedulerType.Hyperband)]
    public void A_finished_search_takes_more_trials(SchedulerType type)
    {
        var scheduler = Schedulers.Create(Studies.Space(type, 9, 3));
        var trials = ToTheEnd(scheduler, 0);
        Assert.Equal(9, trials);
        scheduler.Closed();
        scheduler.Extended(21);
        Assert.Equal(21, scheduler.Brackets.Sum(b => b.Trials));
        Assert.Equal(21, ToTheEnd(scheduler, trials));
        Assert.IsType<Decision.Finished>(scheduler.Next());
    }

    private static int ToTheEnd(IScheduler scheduler, int trials)
    {
        while (true)
        {
            switch (scheduler.Next())
            {
                case Decision.Start start:
                    scheduler.Proposed(new(trials), start.Bracket);
                    scheduler.Reached(new(trials), 0, trials * 7 % 10);
                    trials++;
                    break;
                case Decision.Promote promote:
                    scheduler.Promoted(promote.Trial, promote.ToRung);
                    scheduler.Reached(promote.Trial, promote.ToRung, promote.Trial.Number * 7 % 10);
                    break;
                default:
                    return trials;
            }
        }
    }
}
