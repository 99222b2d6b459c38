using TuneGrid.Search.Analysis;

namespace TuneGrid.Search.Tests.Analysis;

public class RankCorrelationTests
{
    [Fact]
    public void Known_values_come_out()
    {
        Assert.Equal(1, RankCorrelation.Spearman([1, 2, 3, 4], [1, 8, 27, 64]), 12);
        Assert.Equal(-1, RankCorrelation.Spearman([1, 2, 3, 4], [4, 3, 2, 1]), 12);
        // The example of the Wikipedia article: hours of TV against IQ.
        double[] iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110], hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
        Assert.Equal(-29.0 / 165, RankCorrelation.Spearman(iq, hours), 12);
    }

    [Fact]
    public void Ties_share_their_mean_rank() => Assert.Equal(Math.Sqrt(0.75), RankCorrelation.Spearman([1, 1, 2], [1, 2, 3]), 12);

    [Fact]
    public void Constant_or_single_values_have_no_correlation()
    {
        Assert.Equal(double.NaN, RankCorrelation.Spearman([1, 1], [1, 2]));
        Assert.Equal(double.NaN, RankCorrelation.Spearman([1], [1]));
    }
}
