namespace TuneGrid.Simulation.Tables;

/// <summary>Makes whole curves of what a table has.</summary>
internal static class TableCurves
{
    /// <summary>
    /// Returns the curve with the table's full length. A training that was given up early goes on flat, at its own pace: what gave it up
    /// saw better ones. One that ends in NaN has diverged, and stays so.
    /// </summary>
    /// <param name="amounts">Of the table's longest training.</param>
    /// <param name="shift">Added to every score.</param>
    public static RecordedCurve Extended(List<TablePoint> points, double[] amounts, double shift)
    {
        var all = points.ToList();
        var pace = points[^1].Seconds / points[^1].Amount;
        foreach (var amount in amounts.Where(a => a > points[^1].Amount))
            all.Add(new(amount, points[^1].Seconds + ((amount - points[^1].Amount) * pace), points[^1].Score));
        var scores = all.Select(p => p.Score + shift).ToArray();
        return new([.. all.Select(p => p.Amount)], [.. all.Select(p => p.Seconds)], scores, scores);
    }

    /// <summary>
    /// Returns a training at the points of another one of the same configuration, between its own along straight lines. Before its first
    /// point, where a study's finalist that ran again at once was not evaluated, the other's scores stand for its own; after its last it
    /// goes on flat.
    /// </summary>
    /// <param name="shift">Added to every score.</param>
    public static RecordedCurve Aligned(List<TablePoint> points, RecordedCurve other, double shift)
    {
        var (seconds, scores) = (new double[other.Amounts.Length], new double[other.Amounts.Length]);
        for (var i = 0; i < scores.Length; i++)
        {
            var amount = other.Amounts[i];
            var next = points.FindIndex(p => p.Amount >= amount);
            var to = next < 0 ? points[^1] : points[next];
            var from = next > 0 ? points[next - 1] : next == 0 ? default : to;
            var share = next < 0 ? 1 : (amount - from.Amount) / (to.Amount - from.Amount);
            seconds[i] = next < 0 ? to.Seconds * amount / to.Amount : from.Seconds + (share * (to.Seconds - from.Seconds));
            scores[i] = next == 0 && amount < to.Amount ? other.Scores[i]
                : share < 1 ? from.Score + (share * (to.Score - from.Score)) + shift
                : to.Score + shift;
        }
        return new(other.Amounts, seconds, scores, scores);
    }

    /// <summary>Returns the mean at each point over the repeats that have not diverged there; NaN where all have.</summary>
    public static double[] Mean(double[][] repeats) =>
        [.. Enumerable.Range(0, repeats.Min(r => r.Length)).Select(point =>
        {
            var values = repeats.Select(r => r[point]).Where(double.IsFinite).ToArray();
            return values.Length == 0 ? double.NaN : values.Sum() / values.Length;
        })];
}
