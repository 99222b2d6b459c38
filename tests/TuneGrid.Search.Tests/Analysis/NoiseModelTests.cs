using TuneGrid.Search.Analysis;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Analysis;

public class NoiseModelTests
{
    [Fact]
    public void At_the_budget_repeats_are_pooled_with_what_they_repeat_and_below_it_among_themselves()
    {
        var history = new SearchHistory();
        Ran(history, 0, null, (10, 5), (90, 1));
        Ran(history, 1, null, (10, 6), (90, 3));
        Ran(history, 2, 0, (5, 9), (20, 7), (90, 2));
        Ran(history, 3, 0, (5, 8), (20, 6), (90, 3));
        var noise = NoiseModel.Measure(history);
        Assert.Equal([10.0, 90.0], noise.Select(p => p.Amount));
        // At 10, half way between 5 and 20 by logarithm: 8 and 7.
        Assert.Equal(1, noise[0].Freedom);
        Assert.Equal(Math.Sqrt(0.5), noise[0].Deviation, 9);
        Assert.Equal((2, 1.0), (noise[1].Freedom, noise[1].Deviation));
    }

    [Fact]
    public void Without_repeats_nothing_is_known()
    {
        var history = new SearchHistory();
        Ran(history, 0, null, (10, 5), (90, 1));
        Assert.Empty(NoiseModel.Measure(history));
        Assert.Null(NoiseModel.Pool([]));
    }

    [Fact]
    public void Measurements_are_pooled_by_their_degrees_of_freedom()
    {
        var pooled = NoiseModel.Pool([[new(90, 1, 1, 2)], [new(90, 2, 3, 4), new(10, 5, 1, 6)]])!;
        Assert.Equal([10.0, 90.0], pooled.Points.Select(p => p.Amount));
        Assert.Equal(Math.Sqrt((1 + (3 * 4)) / 4.0), pooled.DeviationAt(90), 12);
        Assert.Equal(3.5, pooled.SpreadAt(90), 12);
    }

    [Fact]
    public void Below_what_was_measured_it_grows_by_the_cube_root()
    {
        var noise = new NoiseModel([new(270, 0.01, 4, 0.1)]);
        Assert.Equal(0.03, noise.DeviationAt(10), 12);
        Assert.Equal(0.01, noise.DeviationAt(270), 12);
        Assert.Equal(0.1, noise.SpreadAt(10), 12);
    }

    [Fact]
    public void A_difference_of_one_standard_deviation_of_the_difference_is_84_percent_sure()
    {
        var noise = new NoiseModel([new(270, 0.01, 4, 0.1)]);
        Assert.Equal(0.841345, noise.ProbabilityBetter(270, 1, 1 + (0.01 * Math.Sqrt(2))), 5);
        Assert.Equal(0.5, noise.ProbabilityBetter(270, 1, 1), 12);
    }

    private static void Ran(SearchHistory history, int trial, int? repeatOf, params (double Amount, double Score)[] curve)
    {
        history.Proposed(trial, Configuration.Empty, null, repeatOf);
        if (repeatOf is null)
        {
            foreach (var (amount, score) in curve)
                history.Reached(trial, amount, score, isLast: amount == curve[^1].Amount);
        }
        else
            history.Reached(trial, curve[^1].Amount, curve[^1].Score, true, curve[..^1].Select(c => new CurvePoint(c.Amount, c.Score)));
    }
}
