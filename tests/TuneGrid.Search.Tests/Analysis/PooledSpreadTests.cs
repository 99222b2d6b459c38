using TuneGrid.Search.Analysis;
using TuneGrid.Search.Randomness;

namespace TuneGrid.Search.Tests.Analysis;

public class PooledSpreadTests
{
    [Fact]
    public void Groups_are_pooled_by_their_degrees_of_freedom_and_single_runs_say_nothing()
    {
        var spread = PooledSpread.Of([[1.0, 3.0], [10.0, 10.0, 13.0], [99.0]])!;
        Assert.Equal(3, spread.Freedom);
        Assert.Equal(Math.Sqrt((2 + 6) / 3.0), spread.Deviation, 12);
        Assert.Null(PooledSpread.Of([[1.0], []]));
    }

    [Fact]
    public void The_interval_of_one_group_is_Student_s()
    {
        // 1, 2, 3: mean 2, standard deviation 1; t(0.95, 2) = 2.92.
        var interval = PooledSpread.Of([[1.0, 2.0, 3.0]])!.Around(2, 3);
        Assert.Equal(2 - (2.92 / Math.Sqrt(3)), interval.Lower, 12);
        Assert.Equal(2 + (2.92 / Math.Sqrt(3)), interval.Upper, 12);
    }

    [Fact]
    public void Two_means_tie_within_the_interval_of_their_difference()
    {
        var spread = new PooledSpread(1, 4);
        var limit = 2.132 * Math.Sqrt(2.0 / 3);
        Assert.True(spread.IsTie(1, 3, 1 + limit - 1e-9, 3));
        Assert.False(spread.IsTie(1, 3, 1 + limit + 1e-9, 3));
    }

    [Theory]
    [InlineData(1, 6.3138)]
    [InlineData(30, 1.6973)]
    [InlineData(60, 1.6706)]
    [InlineData(1000, 1.6464)]
    public void Quantiles_are_those_of_the_tables(int freedom, double quantile) =>
        Assert.Equal(quantile, StudentQuantile.Upper(freedom), 0.001);

    [Fact]
    public void Nine_of_ten_intervals_hold_the_truth()
    {
        var held = 0;
        const int studies = 4000;
        for (var study = 0; study < studies; study++)
        {
            double[] first = [Normal(study, 0), Normal(study, 1), Normal(study, 2)];
            double[][] groups = [first, [Normal(study, 3), Normal(study, 4), Normal(study, 5)]];
            var interval = PooledSpread.Of(groups)!.Around(PooledSpread.Mean(groups[0]), 3);
            held += interval.Lower <= 0 && interval.Upper >= 0 ? 1 : 0;
        }
        Assert.InRange(held / (double)studies, 0.885, 0.915);
    }

    /// <summary>Box and Muller.</summary>
    private static double Normal(int study, int number)
    {
        var (u, v) = (Uniform(2 * number), Uniform((2 * number) + 1));
        return Math.Sqrt(-2 * Math.Log(1 - u)) * Math.Cos(2 * Math.PI * v);

        double Uniform(int i) => CounterRandom.Uniform(5, (ulong)study, (ulong)i);
    }
}
