using System.Globalization;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Simulation.Surrogates;

/// <summary>
/// Regression trees whose leaves are whole numbers, so that their sum is the same in any order on any machine. As CSV: tree, feature (-1
/// for a leaf), threshold, left, right (rows of the tree, from 0), value (leaves only).
/// </summary>
public sealed class SurrogateForest
{
    private const string Heading = "tree,feature,threshold,left,right,value";
    private readonly List<int> _roots = [];
    private readonly List<Node> _nodes = [];

    /// <summary>How many trees there are.</summary>
    public int Trees => _roots.Count;

    /// <summary>Returns the forest.</summary>
    /// <param name="name">What it is called in errors.</param>
    /// <exception cref="TableFormatException">It is none.</exception>
    public static SurrogateForest Read(string name, TextReader text, int features)
    {
        if (text.ReadLine() != Heading)
            throw new TableFormatException($"'{name}' line 1 is not '{Heading}'; expected a forest");
        var forest = new SurrogateForest();
        for (var number = 2; text.ReadLine() is { } line; number++)
        {
            if (!forest.Add(line.Split(','), features))
                throw new TableFormatException($"'{name}' line {number} is no node of a tree: '{line}'");
        }
        return forest.IsWhole() ? forest : throw new TableFormatException($"'{name}' lacks trees, or nodes that others lead to");
    }

    /// <summary>Returns the sum of the leaves that these features fall into.</summary>
    public long Sum(double[] features)
    {
        var sum = 0L;
        foreach (var root in _roots)
        {
            var node = _nodes[root];
            while (node.Feature >= 0)
                node = _nodes[root + (features[node.Feature] <= node.Threshold ? node.Left : node.Right)];
            sum += node.Value;
        }
        return sum;
    }

    private bool Add(string[] cells, int features)
    {
        var culture = CultureInfo.InvariantCulture;
        if (cells.Length != 6 || !int.TryParse(cells[0], culture, out var tree) || tree < _roots.Count - 1 || tree > _roots.Count
            || !int.TryParse(cells[1], culture, out var feature) || feature < -1 || feature >= features)
        {
            return false;
        }
        if (tree == _roots.Count)
            _roots.Add(_nodes.Count);
        var own = _nodes.Count - _roots[^1];
        if (feature < 0)
        {
            _nodes.Add(new(-1, 0, 0, 0, int.TryParse(cells[5], culture, out var value) ? value : 0));
            return cells[5].Length > 0;
        }
        // Always further down: whoever follows them comes to an end.
        var isNode = double.TryParse(cells[2], culture, out var threshold)
            & int.TryParse(cells[3], culture, out var left) & int.TryParse(cells[4], culture, out var right);
        _nodes.Add(new(feature, threshold, left, right, 0));
        return isNode && left > own && right > own;
    }

    private bool IsWhole()
    {
        for (var tree = 0; tree < _roots.Count; tree++)
        {
            var end = tree + 1 < _roots.Count ? _roots[tree + 1] : _nodes.Count;
            if (_nodes[_roots[tree]..end].Exists(n => Math.Max(n.Left, n.Right) >= end - _roots[tree]))
                return false;
        }
        return _roots.Count > 0;
    }

    private readonly record struct Node(int Feature, double Threshold, int Left, int Right, int Value);
}
