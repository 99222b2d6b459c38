using System.Numerics;

namespace TuneGrid.Search.Analysis;

/// <summary>A leaf: the part of the space that it predicts one value for.</summary>
/// <param name="Value">The mean score in it.</param>
/// <param name="Low">Per column, where it begins; 0 for columns without order.</param>
/// <param name="High">Per column, where it ends; 1 for columns without order.</param>
/// <param name="Allowed">Per column without order, a bit per value that it holds; 0 for the others.</param>
internal sealed record TreeBox(double Value, double[] Low, double[] High, ulong[] Allowed, int[] Categories)
{
    public double Volume => VolumeWithout(-1);

    public double VolumeWithout(int column)
    {
        var volume = 1.0;
        for (var i = 0; i < Low.Length; i++)
        {
            if (i != column)
                volume *= Categories[i] > 0 ? (double)BitOperations.PopCount(Allowed[i]) / Categories[i] : High[i] - Low[i];
        }
        return volume;
    }

    public bool Holds(int column, int category) => (Allowed[column] & (1UL << category)) != 0;
}

/// <summary>Grows a regression tree to the end, every split the one that leaves the least variance; of equals the first column's.</summary>
internal sealed class RegressionTree
{
    // One bit per value; of a choice with more, the rest count as the last.
    private const int MostCategories = 64;

    private readonly ImportanceSample _sample;
    private readonly int[] _categories;
    private readonly List<TreeBox> _boxes = [];

    private RegressionTree(ImportanceSample sample)
    {
        _sample = sample;
        _categories = [.. Enumerable.Range(0, sample.Axes.Length).Select(c => Math.Min(sample.Categories(c), MostCategories))];
    }

    /// <summary>Returns the leaves, which together fill the space.</summary>
    /// <param name="rows">What it is grown from.</param>
    public static IReadOnlyList<TreeBox> Grow(ImportanceSample sample, int[] rows)
    {
        var tree = new RegressionTree(sample);
        var root = new TreeBox(
            0, new double[sample.Axes.Length], [.. sample.Axes.Select(_ => 1.0)],
            [.. tree._categories.Select(c => c == 0 ? 0 : ulong.MaxValue >> (MostCategories - c))], tree._categories);
        // Not by recursion: a tree may be as deep as there are trials.
        var open = new Stack<(int[] Rows, TreeBox Box)>([(rows, root)]);
        while (open.TryPop(out var node))
        {
            if (tree.BestSplit(node.Rows) is not { } split)
            {
                tree._boxes.Add(node.Box with { Value = node.Rows.Average(sample.Score) });
                continue;
            }
            var (left, right) = tree.Divide(node.Box, split);
            open.Push(([.. node.Rows.Where(r => !tree.GoesLeft(r, split))], right));
            open.Push(([.. node.Rows.Where(r => tree.GoesLeft(r, split))], left));
        }
        return tree._boxes;
    }

    private bool GoesLeft(int row, TreeSplit split) =>
        _categories[split.Column] > 0 ? Category(row, split.Column) == (int)split.At : _sample.At(row, split.Column) <= split.At;

    private int Category(int row, int column) => Math.Min((int)_sample.At(row, column), _categories[column] - 1);

    private (TreeBox Left, TreeBox Right) Divide(TreeBox box, TreeSplit split)
    {
        if (_categories[split.Column] > 0)
        {
            var one = 1UL << (int)split.At;
            var rest = box.Allowed[split.Column] & ~one;
            return (box with { Allowed = Set(box.Allowed, one) }, box with { Allowed = Set(box.Allowed, rest) });
        }
        return (box with { High = Set(box.High, split.At) }, box with { Low = Set(box.Low, split.At) });

        T[] Set<T>(T[] from, T value)
        {
            var copy = from.ToArray();
            copy[split.Column] = value;
            return copy;
        }
    }

    private TreeSplit? BestSplit(int[] rows)
    {
        if (rows.Length < 2)
            return null;
        var total = rows.Sum(_sample.Score);
        // What any split must surpass, by more than rounding makes of equal scores.
        var least = (total * total / rows.Length) + (1e-12 * rows.Sum(r => _sample.Score(r) * _sample.Score(r)));
        TreeSplit? best = null;
        for (var column = 0; column < _categories.Length; column++)
        {
            foreach (var split in _categories[column] > 0 ? OneAgainstRest(rows, column, total) : Thresholds(rows, column, total))
            {
                if (split.Gain > (best?.Gain ?? least))
                    best = split;
            }
        }
        return best;
    }

    private IEnumerable<TreeSplit> Thresholds(int[] rows, int column, double total)
    {
        var sorted = rows.OrderBy(r => _sample.At(r, column)).ToArray();
        var left = 0.0;
        for (var i = 1; i < sorted.Length; i++)
        {
            left += _sample.Score(sorted[i - 1]);
            var (below, above) = (_sample.At(sorted[i - 1], column), _sample.At(sorted[i], column));
            if (below < above)
                yield return new(column, below + ((above - below) / 2), Gain(left, i, total, sorted.Length));
        }
    }

    private IEnumerable<TreeSplit> OneAgainstRest(int[] rows, int column, double total)
    {
        var (sums, counts) = (new double[_categories[column]], new int[_categories[column]]);
        foreach (var row in rows)
        {
            sums[Category(row, column)] += _sample.Score(row);
            counts[Category(row, column)]++;
        }
        for (var category = 0; category < sums.Length; category++)
        {
            if (counts[category] > 0 && counts[category] < rows.Length)
                yield return new(column, category, Gain(sums[category], counts[category], total, rows.Length));
        }
    }

    private static double Gain(double left, int leftCount, double total, int count) =>
        (left * left / leftCount) + ((total - left) * (total - left) / (count - leftCount));

    /// <param name="At">The threshold, or the value that is set apart.</param>
    private sealed record TreeSplit(int Column, double At, double Gain);
}
