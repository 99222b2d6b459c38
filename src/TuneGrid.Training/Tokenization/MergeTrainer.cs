using System.Runtime.InteropServices;

namespace TuneGrid.Training.Tokenization;

/// <summary>
/// Learns merges: again and again the most frequent pair becomes a token (on a tie the smaller ids, so the result is unique). Pairs wait in
/// a heap whose counts may be stale from above, since a count only ever falls once its pair exists; a stale pair is put back with its true
/// count.
/// </summary>
internal sealed class MergeTrainer
{
    private sealed class PairUse
    {
        public long Count;
        public readonly List<int> Words = [];
    }

    private readonly Dictionary<uint, PairUse> _pairs = [];
    private readonly PriorityQueue<uint, (long Count, uint Pair)> _heap = new(Comparer<(long Count, uint Pair)>.Create(
        (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.Pair.CompareTo(b.Pair)));
    private readonly List<ushort[]> _words = [];
    private readonly List<long> _counts = [];
    private readonly HashSet<uint> _grown = [];

    private MergeTrainer(IEnumerable<ReadOnlyMemory<byte>> documents)
    {
        var table = new WordTable();
        foreach (var document in documents)
            CountWords(document.Span, table);
        for (var word = 0; word < table.Count; word++)
        {
            _words.Add(ToTokens(table[word]));
            Count(word, 1);
        }
        foreach (var pair in _grown)
            _heap.Enqueue(pair, (_pairs[pair].Count, pair));
    }

    /// <summary>At most <paramref name="most"/> merges; fewer when no pair is left that occurs twice.</summary>
    public static (ushort Left, ushort Right)[] Train(IEnumerable<ReadOnlyMemory<byte>> documents, int most)
    {
        var trainer = new MergeTrainer(documents);
        var merges = new List<(ushort Left, ushort Right)>();
        while (merges.Count < most && trainer.TakeMostFrequent(out var pair))
        {
            trainer.Merge(pair, (ushort)(Tokenizer.FirstMerge + merges.Count));
            merges.Add(((ushort)(pair >> 16), (ushort)pair));
        }
        return [.. merges];
    }

    private void CountWords(ReadOnlySpan<byte> text, WordTable table)
    {
        while (!text.IsEmpty)
        {
            var length = WordScanner.NextWord(text);
            var word = table.FindOrAdd(text[..length], out var added);
            if (added)
                _counts.Add(0);
            CollectionsMarshal.AsSpan(_counts)[word]++;
            text = text[length..];
        }
    }

    private bool TakeMostFrequent(out uint pair)
    {
        while (_heap.TryDequeue(out pair, out var entry))
        {
            var count = _pairs[pair].Count;
            if (count == entry.Count && count > 1)
                return true;
            if (count > 1)
                _heap.Enqueue(pair, (count, pair));
        }
        return false;
    }

    private void Merge(uint pair, ushort merged)
    {
        _grown.Clear();
        foreach (var word in _pairs[pair].Words.ToArray())
        {
            if (!Contains(_words[word], pair))
                continue; // listed twice, or merged away since
            Count(word, -1);
            _words[word] = Replace(_words[word], pair, merged);
            Count(word, 1);
        }
        _pairs[pair].Words.Clear();
        foreach (var grown in _grown.Where(p => p >> 16 == merged || (p & 0xFFFF) == merged))
            _heap.Enqueue(grown, (_pairs[grown].Count, grown));
    }

    private void Count(int word, int sign)
    {
        var tokens = _words[word];
        for (var i = 0; i + 1 < tokens.Length; i++)
        {
            var pair = PairAt(tokens, i);
            ref var use = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out _);
            use ??= new PairUse();
            use.Count += sign * _counts[word];
            if (sign > 0 && (use.Words.Count == 0 || use.Words[^1] != word))
                use.Words.Add(word);
            if (sign > 0)
                _grown.Add(pair);
        }
    }

    private static bool Contains(ushort[] tokens, uint pair)
    {
        for (var i = 0; i + 1 < tokens.Length; i++)
        {
            if (PairAt(tokens, i) == pair)
                return true;
        }
        return false;
    }

    private static ushort[] Replace(ushort[] tokens, uint pair, ushort merged)
    {
        var result = new List<ushort>(tokens.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            if (i + 1 < tokens.Length && PairAt(tokens, i) == pair)
            {
                result.Add(merged);
                i++;
            }
            else
            {
                result.Add(tokens[i]);
            }
        }
        return [.. result];
    }

    private static uint PairAt(ushort[] tokens, int i) => (uint)tokens[i] << 16 | tokens[i + 1];

    private static ushort[] ToTokens(ReadOnlySpan<byte> word)
    {
        var tokens = new ushort[word.Length];
        for (var i = 0; i < word.Length; i++)
            tokens[i] = (ushort)(word[i] + 1);
        return tokens;
    }
}
