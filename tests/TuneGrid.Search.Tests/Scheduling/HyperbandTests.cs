using FsCheck.Xunit;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Search.Tests.Scheduling;

/// <summary>How Hyperband shares out its trials.</summary>
public class HyperbandTests
{
    [Fact]
    public void Hyperband_from_1_to_243_has_six_brackets()
    {
        var brackets = Schedulers.HyperbandBrackets(243, eta: 3, rungs: 6, trials: 415);

        Assert.Equal([243, 98, 41, 18, 9, 6], brackets.Select(b => b.Trials));
        Assert.Equal([1.0, 3.0, 9.0, 27.0, 81.0, 243.0], brackets[0].Rungs.ToArray());
        Assert.Equal([243.0], brackets[^1].Rungs.ToArray());
    }

    [Fact]
    public void Hyperband_of_81_has_the_brackets_of_the_paper()
    {
        // Li et al. 2018, table 1.
        var brackets = Schedulers.HyperbandBrackets(81, eta: 3, rungs: 5, trials: 81 + 34 + 15 + 8 + 5);

        Assert.Equal([(81, 1.0), (34, 3.0), (15, 9.0), (8, 27.0), (5, 81.0)], brackets.Select(b => (b.Trials, b.Rungs[0])));
    }

    [Property]
    public void Hyperband_shares_out_every_trial_once(byte eta, byte rungs, ushort trials)
    {
        var brackets = Schedulers.HyperbandBrackets(1e6, 2 + (eta % 63), 1 + (rungs % 9), 1 + trials);
        Assert.Equal(1 + trials, brackets.Sum(b => b.Trials));
        Assert.All(brackets, b => Assert.Equal(1e6, b.Rungs[^1]));
        Assert.Equal(Enumerable.Range(0, brackets.Count), brackets.Select(b => b.Index));
    }
}
