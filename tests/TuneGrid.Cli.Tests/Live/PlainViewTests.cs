using TuneGrid.Cli.Live;
using TuneGrid.Coordination.Ledger;

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
    public void A_study_that_nobody_trains_for_says_so_once_until_somebody_does()
    {
        var story = Story.OfThreeTrials();
        var writer = new StringWriter();
        using var view = new PlainView(writer);
        Lease Held(bool isExpired) => new(new(2), new(12), Story.Silo, Story.At(60), isExpired, null);
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
