using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Scheduling;

/// <summary>Single decisions, step by step.</summary>
public class PromotionTests
{
    [Fact]
    public void A_retry_replaces_its_score()
    {
        var scheduler = Studies.Started(SchedulerType.Asha, trials: 3, rungs: 2);
        scheduler.Reached(new(0), 0, 1);
        scheduler.Reached(new(1), 0, 2);
        scheduler.Reached(new(0), 0, 9);
        Assert.IsType<Decision.Wait>(scheduler.Next());
        scheduler.Reached(new(2), 0, 5);
        Assert.Equal(new Decision.Promote(new(1), 1, new(0, 2, 0, 3, 2)) { Next = 5 }, scheduler.Next());
    }

    [Fact]
    public void A_promoted_trial_that_reports_its_rung_again_is_not_promoted_again()
    {
        var scheduler = Studies.Started(SchedulerType.Asha, trials: 3, rungs: 2);
        for (var i = 0; i < 3; i++)
            scheduler.Reached(new(i), 0, i);
        scheduler.Promoted(new(0), 1);
        scheduler.Reached(new(0), 0, double.NaN);
        scheduler.Reached(new(0), 0, -1);
        Assert.IsType<Decision.Wait>(scheduler.Next());
        scheduler.Reached(new(0), 1, 0);
        Assert.IsType<Decision.Finished>(scheduler.Next());
    }

    [Fact]
    public void A_tie_goes_to_the_earlier_trial()
    {
        var scheduler = Studies.Started(SchedulerType.Asha, trials: 3, rungs: 2);
        for (var i = 2; i >= 0; i--)
            scheduler.Reached(new(i), 0, 7);
        Assert.Equal(new TrialId(0), Assert.IsType<Decision.Promote>(scheduler.Next()).Trial);
    }

    [Fact]
    public void A_closed_rung_sends_up_its_late_leader_without_a_place()
    {
        var scheduler = Studies.Started(SchedulerType.Asha, trials: 4, rungs: 2);
        for (var i = 0; i < 3; i++)
            scheduler.Reached(new(i), 0, i);
        scheduler.Promoted(new(0), 1);
        scheduler.Reached(new(3), 0, -1);
        Assert.Equal(new TrialId(3), Assert.IsType<Decision.Promote>(scheduler.Next()).Trial);
    }

    [Fact]
    public void Synchronous_halving_waits_for_the_last_of_a_rung()
    {
        var scheduler = Studies.Started(SchedulerType.SuccessiveHalving, trials: 9, rungs: 2);
        for (var i = 0; i < 8; i++)
            scheduler.Reached(new(i), 0, i);
        Assert.IsType<Decision.Wait>(scheduler.Next());
        scheduler.Failed(new(8));
        Assert.Equal(new TrialId(0), Assert.IsType<Decision.Promote>(scheduler.Next()).Trial);
    }

    [Fact]
    public void NaN_is_never_promoted()
    {
        var scheduler = Schedulers.Create(Studies.Space(SchedulerType.Asha, 3, 2));
        for (var i = 0; i < 3; i++)
        {
            scheduler.Proposed(new(i), 0);
            scheduler.Reached(new(i), 0, i == 1 ? 5 : double.NaN);
        }
        Assert.Equal(new TrialId(1), Assert.IsType<Decision.Promote>(scheduler.Next()).Trial);
        scheduler.Promoted(new(1), 1);
        scheduler.Reached(new(1), 1, 4);
        Assert.IsType<Decision.Finished>(scheduler.Next());
    }

    [Fact]
    public void Auto_promotes_as_asha_does_and_says_so()
    {
        var (auto, asha) = (Studies.Space(SchedulerType.Auto, 9, 3), Studies.Space(SchedulerType.Asha, 9, 3));
        Assert.Equal("asha", Schedulers.Explain(auto)!.Name);
        Assert.Null(Schedulers.Explain(asha));
        Assert.Equal(Schedulers.Create(asha).Brackets[0].Rungs.AsEnumerable(), Schedulers.Create(auto).Brackets[0].Rungs);
    }
}
