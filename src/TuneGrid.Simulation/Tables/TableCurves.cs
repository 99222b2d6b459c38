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

    /// <summary>Returns the mean at each point over the repeats that have not diverged there; NaN where all have.</summary>
    public static double[] Mean(double[][] repeats) =>
        [.. Enumerable.Range(0, repeats.Min(r => r.Length)).Select(point =>
        {
            var values = repeats.Select(r => r[point]).Where(double.IsFinite).ToArray();
            return values.Length == 0 ? double.NaN : values.Sum() / values.Length;
        })];
}
