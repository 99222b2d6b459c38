using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Corpora;

/// <summary>
/// Reads documents out of streams block by block, so that a text may be larger than memory and none of it becomes a string.
/// </summary>
public static class DocumentReader
{
    private const int BlockBytes = 4 << 20;
    private const int LongestDocument = 256 << 20;

    private static ReadOnlySpan<byte> WhiteSpace => " \t\r\n\v\f"u8;

    /// <summary>The stream's documents, trimmed of white space, empty ones dropped.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(Stream stream, DocumentLayout layout)
    {
        var block = new byte[FirstBlock(stream, BlockBytes)];
        var filled = 0;
        var first = true;
        for (var last = false; !last;)
        {
            var read = stream.ReadAtLeast(block.AsSpan(filled), block.Length - filled, throwOnEndOfStream: false);
            filled += read;
            last = filled < block.Length;
            var start = first && block.AsSpan(0, filled).StartsWith(TextFile.ByteOrderMark) ? TextFile.ByteOrderMark.Length : 0;
            first = false;
            while (start < filled
                && DocumentCutter.TryCut(block.AsSpan(start, filled - start), layout, last, out var length, out var consumed))
            {
                var document = Trim(block.AsMemory(start, length));
                if (!document.IsEmpty)
                    yield return document;
                start += consumed;
            }
            // A fresh block each time: the documents handed out still point into the old one.
            (block, filled) = Carry(block.AsSpan(start, filled - start));
        }
    }

    /// <summary>The documents of a text in memory; the layout is found from the text.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(byte[] utf8)
    {
        var layout = utf8.AsSpan().IndexOf(DocumentCutter.Separator) >= 0 ? DocumentLayout.Stories : DocumentLayout.Plain;
        return Read(new MemoryStream(utf8, writable: false), layout);
    }

    /// <summary>A text in memory as tokens, for scoring it.</summary>
    /// <exception cref="CorpusException">It is empty or not valid UTF-8.</exception>
    public static TokenSequence EncodeText(byte[] utf8, Tokenizer tokenizer)
    {
        TextFile.Examine(new MemoryStream(utf8, writable: false), "the text");
        return Encode(Read(utf8), tokenizer);
    }

    /// <summary>A text file as tokens, for scoring it.</summary>
    /// <exception cref="CorpusException">It cannot be read, is empty or is not valid UTF-8.</exception>
    public static TokenSequence EncodeFile(string path, Tokenizer tokenizer)
    {
        var layout = TextFile.Examine(path);
        using var stream = TextFile.Open(path);
        return Encode(Read(stream, layout), tokenizer);
    }

    private static TokenSequence Encode(IEnumerable<ReadOnlyMemory<byte>> documents, Tokenizer tokenizer)
    {
        var encoder = new DocumentEncoder(tokenizer);
        var tokens = new List<ushort>();
        var starts = new List<int>();
        var bytes = 0L;
        foreach (var document in documents)
        {
            starts.Add(tokens.Count);
            encoder.Encode(document.Span, tokens);
            tokens.Add(Tokenizer.EndOfText);
            bytes += document.Length + 1;
        }
        return new TokenSequence([.. tokens], [.. starts], bytes);
    }

    /// <summary>Small texts take small blocks; one byte more than the text, so that the first read meets its end.</summary>
    internal static int FirstBlock(Stream stream, int most) => (int)Math.Min(most, stream.Length - stream.Position + 1);

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> document)
    {
        var start = document.Span.IndexOfAnyExcept(WhiteSpace);
        return start < 0 ? default : document[start..(document.Span.LastIndexOfAnyExcept(WhiteSpace) + 1)];
    }

    private static (byte[] Block, int Filled) Carry(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > LongestDocument)
            throw new CorpusException("a document is longer than 256 MiB; put a line '<|endoftext|>' between documents");
        var block = new byte[Math.Max(BlockBytes, rest.Length * 2)];
        rest.CopyTo(block);
        return (block, rest.Length);
    }
}
