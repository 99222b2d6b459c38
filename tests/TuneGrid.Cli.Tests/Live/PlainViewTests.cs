using TuneGrid.Cli.Live;

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
}
