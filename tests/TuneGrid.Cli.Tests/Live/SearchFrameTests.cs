using TuneGrid.Cli.Live;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Cli.Tests.Live;

public sealed class SearchFrameTests
{
    private static SearchSnapshot Snapshot() => new(
        Story.OfThreeTrials().View, Story.Class,
        [new Lease(new(2), new(13), Story.Silo, Story.At(60), false, new(1.5, 12, 1.5, 1500, 23_456, 3.125))], Story.At(20));

    [Theory]
    [InlineData(100, 30)]
    [InlineData(40, 10)]
    [InlineData(20, 5)]
    [InlineData(1, 1)]
    public void A_frame_fits_its_terminal(int width, int height)
    {
        var frame = SearchFrame.Draw(Snapshot(), width, height);

        Assert.InRange(frame.Count, 1, height);
        Assert.All(frame, line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public void What_matters_most_stays_on_a_small_terminal()
    {
        var frame = string.Join('\n', SearchFrame.Draw(Snapshot(), 60, 4));

        Assert.Contains("tiny-ab12", frame);
        Assert.Contains("t2 rung 1  1.5 s of 12 s  23.5k tokens/s  loss 3.125", frame);
        Assert.Contains("best 1.5000", frame);
    }

    [Fact]
    public void A_frame_shows_funnel_leader_curve_and_silos()
    {
        var frame = string.Join('\n', SearchFrame.Draw(Snapshot(), 90, 30));

        Assert.Contains("rung 1      4 s     3 ████████████████████████████████████████ 1 went on", frame);
        Assert.Contains("rung 2     12 s     1 ██████████████", frame);
        Assert.Contains("best 1.5000 bits per byte  t0 at 12 s", frame);
        Assert.Contains("width=64", frame);
        Assert.Contains("█", frame.Split('\n').Last(l => l.Contains('▁')));
    }

    [Fact]
    public void A_silo_that_fell_silent_is_not_shown_as_training()
    {
        var snapshot = Snapshot();
        var frame = string.Join('\n', SearchFrame.Draw(snapshot with { Leases = [snapshot.Leases[0] with { IsExpired = true }] }, 90, 30));

        Assert.Contains("t2 rung 1 lost box-1; it waits for another", frame);
        Assert.Contains("no silo is training; the study waits for one: tunegrid start-silo", frame);
        Assert.DoesNotContain("tokens/s", frame);
    }
}
