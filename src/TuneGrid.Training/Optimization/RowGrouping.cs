namespace TuneGrid.Training.Optimization;

/// <summary>The tokens of a batch sorted by the table row they look up, and within a row by their place in the batch.</summary>
internal sealed class RowGrouping(int tokens)
{
    private readonly ulong[] _keys = new ulong[tokens];
    private readonly int[] _starts = new int[tokens + 1];

    /// <summary>Distinct rows.</summary>
    public int Count { get; private set; }

    public void Set(int token, uint row) => _keys[token] = ((ulong)row << 32) | (uint)token;

    /// <summary>Call once every one of the <paramref name="tokens"/> is set.</summary>
    public void Sort(int tokens)
    {
        Array.Sort(_keys, 0, tokens);
        Count = 0;
        for (var i = 0; i < tokens; i++)
        {
            if (i == 0 || _keys[i] >> 32 != _keys[i - 1] >> 32)
                _starts[Count++] = i;
        }
        _starts[Count] = tokens;
    }

    /// <summary>The table row of distinct row number <paramref name="index"/>.</summary>
    public long Row(int index) => (long)(_keys[_starts[index]] >> 32);

    /// <summary>Its tokens; the place in the batch is in the low half of each.</summary>
    public ReadOnlySpan<ulong> Tokens(int index) => _keys.AsSpan(_starts[index].._starts[index + 1]);
}
