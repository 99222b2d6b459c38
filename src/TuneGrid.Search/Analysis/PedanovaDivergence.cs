using TuneGrid.Search.Numerics;

namespace TuneGrid.Search.Analysis;

/// <summary>
/// PED-ANOVA (Watanabe, Bansal and Hutter 2023, arXiv:2304.10255): a parameter matters as much as its distribution among the best trials
/// differs from that among all, as a Pearson divergence of two Parzen estimates on a grid, bandwidths by Scott's rule.
/// </summary>
internal static class PedanovaDivergence
{
    private const double Quantile = 0.1, PriorWeight = 1, Tiny = 1e-12;
    private const int LeastTop = 2, MostCells = 50;

    /// <summary>Returns each column's share, together 1; all equal where nothing differs.</summary>
    /// <param name="rows">Which trials count; one may stand there several times.</param>
    public static double[] Shares(ImportanceSample sample, IReadOnlyList<int> rows)
    {
        var sorted = rows.Select(sample.Score).Order().ToList();
        var cutoff = sorted[Math.Max(LeastTop, (int)Math.Ceiling(Quantile * rows.Count)) - 1];
        var top = rows.Where(r => sample.Score(r) <= cutoff).ToList();
        var values = Enumerable.Range(0, sample.Axes.Length).Select(column => Divergence(sample, column, rows, top)).ToArray();
        var sum = values.Sum();
        var searched = sample.Axes.Count(a => a.Cells != 1);
        return [.. values.Select((v, i) => sum > 0 ? v / sum : sample.Axes[i].Cells == 1 ? 0 : 1.0 / searched)];
    }

    private static double Divergence(ImportanceSample sample, int column, IReadOnlyList<int> rows, IReadOnlyList<int> top)
    {
        var grid = new ImportanceGrid(sample.Axes[column], MostCells);
        if (grid.Cells < 2)
            return 0;
        var all = Density(sample, column, grid, rows);
        var best = Density(sample, column, grid, top);
        return all.Zip(best, (a, b) => a * ((b / a) - 1) * ((b / a) - 1)).Sum();
    }

    private static double[] Density(ImportanceSample sample, int column, ImportanceGrid grid, IReadOnlyList<int> rows)
    {
        var counts = new double[grid.Cells];
        foreach (var row in rows)
        {
            if (sample.Value(row, column) is { } value)
                counts[grid.CellOf(value)]++;
        }
        var density = grid.IsOrdered ? Ordered(counts) : Unordered(counts);
        for (var i = 0; i < density.Length; i++)
            density[i] += Tiny;
        return density;
    }

    /// <summary>Normal kernels cut off at the grid's ends, one per cell that has a trial, and a wide one for the prior.</summary>
    private static double[] Ordered(double[] counts)
    {
        var (density, total, width) = (new double[counts.Length], counts.Sum(), Bandwidth(counts));
        for (var cell = 0; cell < counts.Length; cell++)
        {
            if (counts[cell] > 0)
                Add(density, counts[cell] / (total + PriorWeight), cell, width);
        }
        Add(density, PriorWeight / (total + PriorWeight), (counts.Length - 1) / 2.0, counts.Length);
        return density;
    }

    private static void Add(double[] density, double weight, double center, double width)
    {
        var whole = Below(density.Length - 0.5) - Below(-0.5);
        for (var cell = 0; cell < density.Length; cell++)
            density[cell] += weight * (Below(cell + 0.5) - Below(cell - 0.5)) / whole;

        double Below(double x) => Elementary.NormalCdf((x - center) / width);
    }

    private static double Bandwidth(double[] counts)
    {
        // Nine tenths of a kernel of this width stay in their cell.
        const double Least = 0.5 / 1.64;
        var total = counts.Sum();
        if (total == 0)
            return Least;
        var mean = counts.Select((c, i) => c * i).Sum() / total;
        var deviation = Math.Sqrt(counts.Select((c, i) => c * (i - mean) * (i - mean)).Sum() / Math.Max(1, total - 1));
        var cells = Enumerable.Range(0, counts.Length).Where(i => counts[i] > 0).ToList();
        var (upTo, lower, upper) = (0.0, -1, cells[^1]);
        foreach (var cell in cells)
        {
            upTo += counts[cell];
            if (lower < 0 && upTo >= Math.Floor(total / 4))
                lower = cell;
            if (upTo > Math.Floor(total * 3 / 4))
            {
                upper = cell;
                break;
            }
        }
        return Math.Max(Least, 1.059 * Math.Min((upper - lower) / 1.34, deviation) * Elementary.Pow(total, -0.2));
    }

    private static double[] Unordered(double[] counts)
    {
        var (density, total) = (new double[counts.Length], counts.Sum());
        // One kernel per value that a trial has, and the prior's.
        var kernels = counts.Count(c => c > 0) + 1;
        var floor = PriorWeight / kernels;
        var mass = (floor * counts.Length) + 1;
        for (var cell = 0; cell < counts.Length; cell++)
            density[cell] = ((total * floor / mass) + (counts[cell] / mass) + (PriorWeight / counts.Length)) / (total + PriorWeight);
        return density;
    }
}
