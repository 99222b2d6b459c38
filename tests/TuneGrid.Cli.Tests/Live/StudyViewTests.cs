using TuneGrid.Cli.Live;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Cli.Tests.Live;

public sealed class StudyViewTests
{
    [Fact]
    public void Rungs_count_who_came_and_who_went_on()
    {
        var rungs = Story.OfThreeTrials().View.Rungs(Story.Class);

        Assert.Equal([new RungView(4, 3, 1, 0), new RungView(12, 1, 0, 0)], rungs);
    }

    [Fact]
    public void A_disturbed_segment_shows_everywhere()
    {
        var slow = Story.Result(3, 4) with { Disturbed = true, RelativeSpeed = 0.61 };
        var story = Story.OfThreeTrials().Add(new SegmentDisturbed(Story.At(21), new(2), 0, new(13), slow));
        story.Add(new SegmentLeased(Story.At(21), new(2), 1, new(15), Story.Silo, 0, 0, 4, null))
            .Add(new RungReached(Story.At(26), new(2), 1, new(15), 0, slow));

        Assert.Equal([1, 0], story.View.Rungs(Story.Class).Select(r => r.Disturbed));
        Assert.Equal(1, story.View.Trial(new(2))!.Reruns);
        var snapshot = new SearchSnapshot(story.View, Story.Class, [], Story.At(30));
        Assert.Contains("1 went on, 1 disturbed", string.Join('\n', SearchFrame.Draw(snapshot, 100, 40)), StringComparison.Ordinal);
        Assert.Contains("disturbed: 61 % of its silo's norm", PlainView.Line(snapshot, story.Events[^1].Event), StringComparison.Ordinal);
        Assert.Equal("t2 runs its segment again, disturbed: 61 % of its silo's norm", PlainView.Line(snapshot, story.Events[^3].Event));
    }

    [Fact]
    public void Joules_are_shown_where_they_were_measured_and_absent_elsewhere()
    {
        var (silent, measured) = (Story.OfThreeTrials().View, Story.OfThreeTrials());
        var result = Story.Result(1.25, 12) with { Joules = 812 };
        measured.Add(new RungReached(Story.At(20), new(2), 0, new(13), 0, result with { Amount = 4 }))
            .Add(new TrialPromoted(Story.At(20), new(2), 1, new(0, 1.25, 0, 3, 2.25)))
            .Add(new SegmentLeased(Story.At(20), new(2), 1, new(16), Story.Silo, 1, 4, 12, null))
            .Add(new RungReached(Story.At(29), new(2), 1, new(16), 1, result))
            .Add(new TrialCompleted(Story.At(29), new(2), result));

        Assert.Contains("tokens/s, 1.62k J", Champion(measured.View), StringComparison.Ordinal);
        Assert.DoesNotContain(" J", Champion(silent), StringComparison.Ordinal);
        Assert.Equal(1624, (double)StudyReport.Of(measured.View, Story.Class, null, 30, Story.At(30))["best"]!["joules"]!);
        Assert.False(StudyReport.Of(silent, Story.Class, null, 30, Story.At(30))["best"]!.AsObject().ContainsKey("joules"));
    }

    private static string Champion(StudyView view)
    {
        var text = new StringWriter();
        StudyText.WriteChampion(text, view.Champion(Story.Class)!);
        return text.ToString();
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
    public void A_trial_at_a_rung_is_paused_while_it_may_go_on_and_stopped_afterwards()
    {
        var story = Story.OfThreeTrials().Add(new RungReached(Story.At(20), new(2), 0, new(13), 0, Story.Result(3, 4)));
        Assert.Equal(TrialStatus.Paused, story.View.Trial(new(2))!.Status);

        story.Add(new StudyCompleted(Story.At(20)));
        Assert.Equal(TrialStatus.Stopped, story.View.Trial(new(2))!.Status);
        Assert.Equal(TrialStatus.Completed, story.View.Trial(new(0))!.Status);
    }

    [Fact]
    public void On_an_exact_tie_the_view_crowns_whom_the_ledger_crowned()
    {
        var story = Story.OfThreeTrials();
        var tie = Story.Result(1.5, 12);
        story.Add(new RungReached(Story.At(20), new(2), 0, new(13), 0, Story.Result(2, 4)))
            .Add(new TrialPromoted(Story.At(20), new(2), 1, new(0, 2, 0, 3, 2.25)))
            .Add(new SegmentLeased(Story.At(20), new(2), 1, new(16), Story.Silo, 1, 4, 12, null))
            .Add(new RungReached(Story.At(29), new(2), 1, new(16), 1, tie))
            .Add(new TrialCompleted(Story.At(29), new(2), tie));

        Assert.Equal(0, story.View.Champion(Story.Class)!.Id.Number);
    }

    [Fact]
    public void A_champion_that_ran_again_is_shown_as_a_mean_with_what_it_lies_in()
    {
        var story = Story.OfThreeTrials();
        foreach (var (number, fence, score) in new[] { (3, 15, 1.52), (4, 19, 1.51) })
        {
            story.Add(new TrialProposed(Story.At(20), new(number), Story.Class, 1, story.View.Trials[0].Configuration, null, null, new(0)))
                .Add(new SegmentLeased(Story.At(20), new(number), 0, new(fence), Story.Silo, 0, 0, 12, null))
                .Add(new RungReached(Story.At(33), new(number), 0, new(fence), 0, Story.Result(score, 12)))
                .Add(new TrialCompleted(Story.At(33), new(number), Story.Result(score, 12)));
        }
        var text = Champion(story.View);
        Assert.StartsWith("champion t0: 1.5100 bits per byte over 3 runs (90 %: 1.4931 to 1.5269)", text, StringComparison.Ordinal);
        Assert.Contains("model kept: t4's, the nearest to that mean: 1.5100 bits per byte", text, StringComparison.Ordinal);
        var report = StudyReport.Of(story.View, Story.Class, null, 40, Story.At(40));
        var best = report["best"]!;
        Assert.Equal(
            "0 4 2 3 2", string.Join(' ', best["trial"], best["model_trial"], best["repeats"], report["trials"], report["repeats"]));
        Assert.Equal(1.51, (double)best["mean"]!, 12);
        Assert.Equal(1.4931, (double)best["interval"]![0]!, 4);
        Assert.Equal([3, 1], story.View.Rungs(Story.Class).Select(r => r.Entered));
        var repeat = story.Events.First(e => e.Event is TrialProposed { RepeatOf: not null }).Event;
        Assert.Equal("t3 runs t0 again on a fresh seed", PlainView.Line(new(story.View, Story.Class, [], Story.At(40)), repeat));
    }

    [Fact]
    public void A_silo_that_always_had_a_segment_is_wholly_busy()
    {
        var view = Story.OfThreeTrials().View;

        Assert.Equal(1, view.BusyFraction(Story.At(20)), 6);
    }
}
