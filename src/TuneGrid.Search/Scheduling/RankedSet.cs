namespace TuneGrid.Search.Scheduling;

/// <summary>A trial's score in a rung. Lower is better, NaN is worst, the earlier trial wins a tie.</summary>
internal readonly record struct RungScore(double Score, TrialId Trial) : IComparable<RungScore>
{
    public int CompareTo(RungScore other)
    {
        if (double.IsNaN(Score) != double.IsNaN(other.Score))
            return double.IsNaN(Score) ? 1 : -1;
        var byScore = Score.CompareTo(other.Score);
        return byScore != 0 ? byScore : Trial.CompareTo(other.Trial);
    }
}

/// <summary>
/// A sorted set that knows ranks: add, remove, rank and select in O(log n). A treap (Seidel and Aragon 1996) whose priorities are hashes of
/// the trial, so that its shape, like everything here, is deterministic.
/// </summary>
internal sealed class RankedSet
{
    private Node? _root;

    public int Count => Size(_root);

    public void Add(RungScore item)
    {
        Split(_root, item, out var less, out var more);
        _root = Merge(Merge(less, new Node(item)), more);
    }

    public void Remove(RungScore item) => _root = Remove(_root, item);

    /// <summary>How many items are better than this one.</summary>
    public int Rank(RungScore item)
    {
        var rank = 0;
        for (var node = _root; node is not null;)
        {
            if (node.Item.CompareTo(item) < 0)
            {
                rank += Size(node.Left) + 1;
                node = node.Right;
            }
            else
            {
                node = node.Left;
            }
        }
        return rank;
    }

    /// <summary>The item that has this many better ones.</summary>
    public RungScore Select(int rank)
    {
        for (var node = _root; node is not null;)
        {
            var left = Size(node.Left);
            if (rank == left)
                return node.Item;
            if (rank < left)
            {
                node = node.Left;
            }
            else
            {
                rank -= left + 1;
                node = node.Right;
            }
        }
        throw new ArgumentOutOfRangeException(nameof(rank));
    }

    private static int Size(Node? node) => node?.Size ?? 0;

    private static Node? Remove(Node? node, RungScore item)
    {
        if (node is null)
            return null;
        var order = item.CompareTo(node.Item);
        if (order == 0)
            return Merge(node.Left, node.Right);
        if (order < 0)
            node.Left = Remove(node.Left, item);
        else
            node.Right = Remove(node.Right, item);
        return node.Resized();
    }

    private static void Split(Node? node, RungScore at, out Node? less, out Node? more)
    {
        if (node is null)
        {
            (less, more) = (null, null);
        }
        else if (node.Item.CompareTo(at) < 0)
        {
            Split(node.Right, at, out var middle, out more);
            node.Right = middle;
            less = node.Resized();
        }
        else
        {
            Split(node.Left, at, out less, out var middle);
            node.Left = middle;
            more = node.Resized();
        }
    }

    private static Node? Merge(Node? less, Node? more)
    {
        if (less is null || more is null)
            return less ?? more;
        if (less.Priority >= more.Priority)
        {
            less.Right = Merge(less.Right, more);
            return less.Resized();
        }
        more.Left = Merge(less, more.Left);
        return more.Resized();
    }

    private sealed class Node(RungScore item)
    {
        public RungScore Item { get; } = item;

        public ulong Priority { get; } = Randomness.CounterRandom.Bits(0x7EEA9, 0, (ulong)item.Trial.Number);

        public Node? Left { get; set; }

        public Node? Right { get; set; }

        public int Size { get; private set; } = 1;

        public Node Resized()
        {
            Size = 1 + (Left?.Size ?? 0) + (Right?.Size ?? 0);
            return this;
        }
    }
}
