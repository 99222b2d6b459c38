using TuneGrid.Search.Randomness;

namespace TuneGrid.Search.Analysis;

/// <summary>
/// Functional ANOVA over a random forest (Hutter, Hoos and Leyton-Brown 2014, "An Efficient Approach for Assessing Hyperparameter
/// Importance"): each tree divides the space into boxes, so that the mean over all other parameters is exact, and with it the variance that
/// one parameter explains by itself.
/// </summary>
internal static class FunctionalAnova
{
    /// <summary>Returns for each column the share of the variance that it explains; all 0 where the scores do not vary.</summary>
    /// <param name="rows">Which trials count; one may stand there several times.</param>
    public static double[] Fractions(ImportanceSample sample, IReadOnlyList<int> rows, int trees, ulong seed)
    {
        var sums = new double[sample.Axes.Length];
        var counted = 0;
        for (var tree = 0; tree < trees; tree++)
        {
            var drawn = new int[rows.Count];
            for (var i = 0; i < drawn.Length; i++)
                drawn[i] = rows[(int)(CounterRandom.Uniform(seed, (ulong)tree, (ulong)i) * rows.Count)];
            var boxes = RegressionTree.Grow(sample, drawn);
            var variance = Variance(boxes);
            if (!(variance > 0))
                continue;
            counted++;
            for (var column = 0; column < sums.Length; column++)
                sums[column] += MarginalVariance(boxes, column, sample.Categories(column)) / variance;
        }
        return [.. sums.Select(s => counted > 0 ? s / counted : 0)];
    }

    private static double Variance(IReadOnlyList<TreeBox> boxes)
    {
        var mean = boxes.Sum(b => b.Volume * b.Value);
        return boxes.Sum(b => b.Volume * (b.Value - mean) * (b.Value - mean));
    }

    /// <summary>The variance of the mean prediction as a function of one column.</summary>
    private static double MarginalVariance(IReadOnlyList<TreeBox> boxes, int column, int categories)
    {
        var edges = categories > 0
            ? [.. Enumerable.Range(0, categories + 1).Select(c => (double)c / categories)]
            : boxes.SelectMany(b => new[] { b.Low[column], b.High[column] }).Distinct().Order().ToArray();
        if (edges.Length < 3)
            return 0;
        var means = categories > 0 ? OverCategories(boxes, column, categories) : OverCells(boxes, column, edges);
        var (mean, variance) = (0.0, 0.0);
        for (var cell = 0; cell < means.Length; cell++)
            mean += (edges[cell + 1] - edges[cell]) * means[cell];
        for (var cell = 0; cell < means.Length; cell++)
            variance += (edges[cell + 1] - edges[cell]) * (means[cell] - mean) * (means[cell] - mean);
        return variance;
    }

    private static double[] OverCategories(IReadOnlyList<TreeBox> boxes, int column, int categories)
    {
        var means = new double[categories];
        foreach (var box in boxes)
        {
            for (var category = 0; category < categories; category++)
            {
                if (box.Holds(column, category))
                    means[category] += box.Value * box.VolumeWithout(column);
            }
        }
        return means;
    }

    private static double[] OverCells(IReadOnlyList<TreeBox> boxes, int column, double[] edges)
    {
        // What begins and ends at each edge: a box covers many cells.
        var changes = new double[edges.Length];
        foreach (var box in boxes)
        {
            var part = box.Value * box.VolumeWithout(column);
            changes[Array.BinarySearch(edges, box.Low[column])] += part;
            changes[Array.BinarySearch(edges, box.High[column])] -= part;
        }
        for (var cell = 1; cell < changes.Length; cell++)
            changes[cell] += changes[cell - 1];
        return changes[..^1];
    }
}
