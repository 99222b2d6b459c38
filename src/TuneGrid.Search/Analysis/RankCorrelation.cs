namespace TuneGrid.Search.Analysis;

/// <summary>How well one ranking predicts another.</summary>
public static class RankCorrelation
{
    /// <summary>Returns Spearman's rank correlation, in -1..1; ties share their mean rank.</summary>
    /// <returns>NaN for fewer than two pairs or a constant side.</returns>
    /// <exception cref="ArgumentException">The sides differ in length.</exception>
    public static double Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count)
            throw new ArgumentException("both sides must have as many values", nameof(y));
        var (rx, ry) = (Ranks(x), Ranks(y));
        var mean = (x.Count - 1) / 2.0;
        double covariance = 0, vx = 0, vy = 0;
        for (var i = 0; i < x.Count; i++)
        {
            covariance += (rx[i] - mean) * (ry[i] - mean);
            vx += (rx[i] - mean) * (rx[i] - mean);
            vy += (ry[i] - mean) * (ry[i] - mean);
        }
        return covariance / Math.Sqrt(vx * vy);
    }

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && values[order[end]].Equals(values[order[start]]))
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + end - 1) / 2.0;
            start = end;
        }
        return ranks;
    }
}
