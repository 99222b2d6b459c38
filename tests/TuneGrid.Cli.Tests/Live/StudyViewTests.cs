using TuneGrid.Cli.Views;

namespace TuneGrid.Cli.Tests.Live;

public sealed class StudyViewTests
{
    [Fact]
    public void Rungs_count_who_came_and_who_went_on()
    {
        var rungs = Story.OfThreeTrials().View.Rungs(Story.Class);

        Assert.Equal([new RungView(4, 3, 1), new RungView(12, 1, 0)], rungs);
    }

    [Fact]
    public void The_champion_is_the_best_trial_that_spent_the_whole_budget()
    {
        var view = Story.OfThreeTrials().View;

        Assert.Equal(0, view.Champion(Story.Class)!.Id.Number);
        Assert.Equal(1, view.Failed);
        Assert.Equal([2.25, 1.5], view.Best.Select(b => b.Result.BitsPerByte));
    }

    [Fact]
    public void A_silo_that_always_had_a_segment_is_wholly_busy()
    {
        var view = Story.OfThreeTrials().View;

        Assert.Equal(1, view.BusyFraction(Story.At(20)), 6);
    }
}
