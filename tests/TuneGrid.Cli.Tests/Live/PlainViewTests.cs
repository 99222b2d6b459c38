using TuneGrid.Cli.Live;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Cli.Tests.Live;

public sealed class PlainViewTests
{
    private const string Golden = """
            0 s  t0 new: width=64
            5 s  t0 rung 1 (4 s): 2.2500 bits per byte, 1.00k tokens/s, the best so far
            5 s  t0 goes on to rung 2: rank 1 of 1, cutoff 2.2500
           14 s  t0 rung 2 (12 s): 1.5000 bits per byte, 1.00k tokens/s, the best so far
           14 s  t1 new: width=96
           16 s  t1 failed: the loss diverged at step 7
           16 s  t2 new: width=128

        """;

    [Fact]
    public void Each_event_worth_knowing_is_one_line()
    {
        var story = Story.OfThreeTrials();
        var writer = new StringWriter();
        using var view = new PlainView(writer);

        view.Show(new(story.View, Story.Class, [], Story.At(20)), story.Events);

        Assert.Equal(Golden.ReplaceLineEndings("\n"), writer.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_trial_that_has_lost_all_its_checkpoints_says_that_it_trains_again_from_its_seed()
    {
        var (story, trial) = (Story.OfThreeTrials(), new TrialId(2));
        var before = story.Events.Count;
        story.Add(new TrialPaused(Story.At(20), trial, 0, new(13), 1, new("dd")))
            .Add(new SegmentLeased(Story.At(20), trial, 1, new(15), Story.Silo, 0, 1, 4, null))
            .Add(new TrialPaused(Story.At(21), trial, 1, new(15), 2, new("ee")))
            .Add(new SegmentLeased(Story.At(21), trial, 2, new(17), Story.Silo, 0, 2, 4, null))
            .Add(new CheckpointLost(Story.At(22), trial, new(17), new("ee"), "torn"))
            .Add(new SegmentLeased(Story.At(22), trial, 3, new(19), Story.Silo, 0, 1, 4, null))
            .Add(new CheckpointLost(Story.At(23), trial, new(19), new("dd"), "gone"));
        var writer = new StringWriter();
        using var view = new PlainView(writer);

        view.Show(new(story.View, Story.Class, [], Story.At(24)), [.. story.Events.Skip(before)]);

        Assert.Contains("t2 lost a checkpoint (torn); it goes on from the one before", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("t2 lost a checkpoint (gone); it trains again from its seed", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_that_nobody_trains_for_says_so_once_until_somebody_does()
    {
        var story = Story.OfThreeTrials();
        var writer = new StringWriter();
        using var view = new PlainView(writer);
        Lease Held(bool isExpired) => new(new(2), new(13), Story.Silo, Story.At(60), isExpired, null);
        string Shown(double second, params Lease[] leases)
        {
            writer.GetStringBuilder().Clear();
            view.Show(new(story.View, Story.Class, leases, Story.At(second)), []);
            return writer.ToString().ReplaceLineEndings("\n");
        }

        Assert.Equal("", Shown(46, Held(false)));
        Assert.Equal("   47 s  no silo is training; the study waits for one: tunegrid start-silo\n", Shown(47, Held(true)));
        Assert.Equal("", Shown(48, Held(true)));
        Assert.Equal("", Shown(49, Held(false)));
        Assert.Contains("no silo is training", Shown(99), StringComparison.Ordinal);
        story.Add(new StudyCompleted(Story.At(100)));
        Assert.Equal("", Shown(120));
    }
}
