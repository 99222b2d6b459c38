namespace TuneGrid.Training.Tokenization;

/// <summary>Which pair of tokens merges into which, by open addressing: the look-up is the inner loop of encoding.</summary>
internal sealed class MergeTable
{
    private readonly uint[] _pairs;
    private readonly ushort[] _merged; // 0 where the slot is empty: no merge makes the end of a document
    private readonly int _shift;

    public MergeTable(ReadOnlySpan<(ushort Left, ushort Right)> merges)
    {
        var bits = 4;
        while (1 << bits < merges.Length * 4)
            bits++;
        _shift = 32 - bits;
        _pairs = new uint[1 << bits];
        _merged = new ushort[1 << bits];
        for (var i = 0; i < merges.Length; i++)
        {
            var slot = SlotOf(Pair(merges[i].Left, merges[i].Right));
            _pairs[slot] = Pair(merges[i].Left, merges[i].Right);
            _merged[slot] = (ushort)(Tokenizer.FirstMerge + i);
        }
    }

    /// <summary>
    /// Applies merges in place, the earliest learned first and leftmost on a tie, until none applies; returns how many tokens remain.
    /// </summary>
    public int MergeAll(Span<int> tokens)
    {
        Span<int> merged = stackalloc int[WordScanner.LongestWord];
        for (var i = 0; i + 1 < tokens.Length; i++)
            merged[i] = Find(tokens[i], tokens[i + 1]);
        var count = tokens.Length;
        while (true)
        {
            var best = Earliest(merged[..Math.Max(0, count - 1)]);
            if (best < 0)
                return count;
            tokens[best] = merged[best];
            tokens[(best + 2)..count].CopyTo(tokens[(best + 1)..]);
            merged[(best + 1)..(count - 1)].CopyTo(merged[best..]);
            count--;
            if (best > 0)
                merged[best - 1] = Find(tokens[best - 1], tokens[best]);
            if (best + 1 < count)
                merged[best] = Find(tokens[best], tokens[best + 1]);
        }
    }

    private static int Earliest(ReadOnlySpan<int> merged)
    {
        var (best, position) = (int.MaxValue, -1);
        for (var i = 0; i < merged.Length; i++)
        {
            if (merged[i] < best)
                (best, position) = (merged[i], i);
        }
        return position;
    }

    private static uint Pair(int left, int right) => (uint)left << 16 | (uint)right;

    private int Find(int left, int right)
    {
        var merged = _merged[SlotOf(Pair(left, right))];
        return merged == 0 ? int.MaxValue : merged;
    }

    private int SlotOf(uint pair)
    {
        var slot = (int)(pair * 2654435769u >> _shift);
        while (_merged[slot] != 0 && _pairs[slot] != pair)
            slot = (slot + 1) & (_pairs.Length - 1);
        return slot;
    }
}
