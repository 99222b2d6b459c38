using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace TuneGrid.Training.Tokenization;

/// <summary>
/// Byte-level byte-pair encoding (Sennrich et al., arXiv:1508.07909). Token 0 is the end of a document, tokens 1..256 are the single bytes
/// 0..255, the rest merges in order. A corpus too small for the asked vocabulary has fewer merges; the ids above them then never occur, so
/// that the model's shape depends on the asked size alone. Immutable, so any number of threads may share it.
/// </summary>
public sealed partial class Tokenizer
{
    /// <summary>The token that ends, and so also begins, a document.</summary>
    public const int EndOfText = 0;

    /// <summary>The end of a document and the single bytes.</summary>
    public const int SmallestVocabulary = FirstMerge;

    /// <summary>Token ids are 16 bits wide.</summary>
    public const int LargestVocabulary = 65_536;

    internal const int FirstMerge = 257;

    private readonly (ushort Left, ushort Right)[] _merges;
    private readonly byte[][] _bytes;
    private readonly MergeTable _table;

    private Tokenizer(int vocabularySize, (ushort Left, ushort Right)[] merges)
    {
        VocabularySize = vocabularySize;
        _merges = merges;
        _bytes = BytesOfTokens(merges);
        _table = new MergeTable(merges);
        Hash = HashOf(vocabularySize, merges);
    }

    /// <summary>Token ids are below this.</summary>
    public int VocabularySize { get; }

    /// <summary>SHA-256 over the vocabulary size and the merges, lower-case hex.</summary>
    public string Hash { get; }

    /// <summary>The pairs in the order they are merged; merge i makes token <see cref="FirstMerge"/> + i.</summary>
    internal ReadOnlySpan<(ushort Left, ushort Right)> Merges => _merges;

    /// <summary>Learns the merges of a vocabulary from documents, the most frequent pair first.</summary>
    /// <param name="documents">Read once, in order; the same documents give the same tokenizer.</param>
    /// <exception cref="ArgumentOutOfRangeException">The vocabulary is outside 257..65,536.</exception>
    public static Tokenizer Train(IEnumerable<ReadOnlyMemory<byte>> documents, int vocabularySize)
    {
        if (vocabularySize is < SmallestVocabulary or > LargestVocabulary)
        {
            throw new ArgumentOutOfRangeException(nameof(vocabularySize), string.Create(
                CultureInfo.InvariantCulture,
                $"a vocabulary has {SmallestVocabulary} to {LargestVocabulary} tokens, not {vocabularySize}"));
        }
        return new Tokenizer(vocabularySize, MergeTrainer.Train(documents, vocabularySize - FirstMerge));
    }

    /// <summary>Appends the text's tokens; any bytes will do. Long texts are encoded faster by a <see cref="DocumentEncoder"/>.</summary>
    public void Encode(ReadOnlySpan<byte> utf8, List<ushort> tokens)
    {
        Span<int> pieces = stackalloc int[WordScanner.LongestWord];
        while (!utf8.IsEmpty)
        {
            var length = WordScanner.NextWord(utf8);
            foreach (var token in pieces[..EncodeWord(utf8[..length], pieces)])
                tokens.Add((ushort)token);
            utf8 = utf8[length..];
        }
    }

    /// <summary>The bytes the tokens stand for; the end of a document stands for none.</summary>
    public byte[] Decode(ReadOnlySpan<ushort> tokens)
    {
        var text = new byte[LengthOf(tokens)];
        var position = 0;
        foreach (var token in tokens)
        {
            BytesOf(token).CopyTo(text.AsSpan(position));
            position += BytesOf(token).Length;
        }
        return text;
    }

    /// <summary>The bytes one token stands for: none for the end of a document and for ids that never occur.</summary>
    public ReadOnlySpan<byte> BytesOf(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, VocabularySize);
        return token < _bytes.Length ? _bytes[token] : [];
    }

    /// <summary>Encodes one word of the scanner into <paramref name="pieces"/> and returns how many tokens it took.</summary>
    internal int EncodeWord(ReadOnlySpan<byte> word, Span<int> pieces)
    {
        for (var i = 0; i < word.Length; i++)
            pieces[i] = word[i] + 1;
        return _table.MergeAll(pieces[..word.Length]);
    }

    private int LengthOf(ReadOnlySpan<ushort> tokens)
    {
        var length = 0;
        foreach (var token in tokens)
            length = checked(length + BytesOf(token).Length);
        return length;
    }

    private static byte[][] BytesOfTokens((ushort Left, ushort Right)[] merges)
    {
        var bytes = new byte[FirstMerge + merges.Length][];
        bytes[EndOfText] = [];
        for (var b = 0; b < 256; b++)
            bytes[b + 1] = [(byte)b];
        for (var i = 0; i < merges.Length; i++)
            bytes[FirstMerge + i] = [.. bytes[merges[i].Left], .. bytes[merges[i].Right]];
        return bytes;
    }

    private static string HashOf(int vocabularySize, (ushort Left, ushort Right)[] merges)
    {
        var content = new byte[4 + merges.Length * 4];
        BinaryPrimitives.WriteInt32LittleEndian(content, vocabularySize);
        for (var i = 0; i < merges.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(4 + i * 4), merges[i].Left);
            BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(6 + i * 4), merges[i].Right);
        }
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
