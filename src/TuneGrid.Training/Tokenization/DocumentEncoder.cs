using System.Runtime.InteropServices;

namespace TuneGrid.Training.Tokenization;

/// <summary>
/// Encodes many documents, remembering the tokens of every word it has seen. One per thread; the tokens equal
/// <see cref="Tokenizer.Encode"/>'s.
/// </summary>
internal sealed class DocumentEncoder(Tokenizer tokenizer)
{
    /// <summary>Text of few words, as stories are, never comes here; random text would fill the memory.</summary>
    private const int MostWords = 1 << 20;

    private readonly WordTable _words = new();
    private readonly List<(int Start, int Count)> _pieces = [];
    private readonly List<ushort> _tokens = [];

    public void Encode(ReadOnlySpan<byte> text, List<ushort> tokens)
    {
        while (!text.IsEmpty)
        {
            var length = WordScanner.NextWord(text);
            var word = _words.FindOrAdd(text[..length], out var added);
            if (added)
                Learn(text[..length]);
            var (start, count) = _pieces[word];
            tokens.AddRange(CollectionsMarshal.AsSpan(_tokens).Slice(start, count));
            if (_words.Count == MostWords)
                Forget();
            text = text[length..];
        }
    }

    private void Learn(ReadOnlySpan<byte> word)
    {
        Span<int> pieces = stackalloc int[WordScanner.LongestWord];
        var count = tokenizer.EncodeWord(word, pieces);
        _pieces.Add((_tokens.Count, count));
        foreach (var token in pieces[..count])
            _tokens.Add((ushort)token);
    }

    private void Forget()
    {
        _words.Clear();
        _pieces.Clear();
        _tokens.Clear();
    }
}
