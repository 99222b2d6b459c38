using System.Globalization;
using System.Text.Unicode;

namespace TuneGrid.Training.Corpora;

/// <summary>Looks a text file over before anything is trained on it, in one pass of constant memory.</summary>
public static class TextFile
{
    private const int BlockBytes = 1 << 20;
    private const int LongestSequence = 4;

    internal static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>How the file holds its documents.</summary>
    /// <exception cref="CorpusException">
    /// It cannot be read, holds no text or is not valid UTF-8 (with the byte offset and the line).
    /// </exception>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public static DocumentLayout Examine(string path, CancellationToken cancellation = default)
    {
        using var stream = Open(path);
        return Examine(stream, $"'{path}'", cancellation);
    }

    /// <summary>Opens a text file for reading it once from its start to its end.</summary>
    /// <exception cref="CorpusException">It cannot be read.</exception>
    public static Stream Open(string path)
    {
        try
        {
            const FileShare share = FileShare.Read | FileShare.Delete;
            return new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0, Share = share });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CorpusException($"cannot read '{path}': {e.Message}", e);
        }
    }

    internal static DocumentLayout Examine(Stream stream, string name, CancellationToken cancellation = default)
    {
        var block = new byte[DocumentReader.FirstBlock(stream, BlockBytes)];
        var (filled, offset, line) = (0, 0L, 1L);
        var (layout, empty) = (DocumentLayout.Plain, true);
        for (var last = false; !last;)
        {
            cancellation.ThrowIfCancellationRequested();
            filled += stream.ReadAtLeast(block.AsSpan(filled), block.Length - filled, throwOnEndOfStream: false);
            last = filled < block.Length;
            var text = block.AsSpan(0, filled);
            var checkedBytes = last ? filled : filled - IncompleteTail(text);
            if (!Utf8.IsValid(text[..checkedBytes]))
                throw Invalid(text[..checkedBytes], name, offset, line);
            if (text.IndexOf(DocumentCutter.Separator) >= 0)
                layout = DocumentLayout.Stories;
            empty &= text.IndexOfAnyExcept(" \t\r\n\v\f\uFEFF"u8) < 0;
            // Keep enough of the end that a separator or a character across the border is seen whole.
            var kept = last ? 0 : DocumentCutter.Separator.Length + IncompleteTail(text);
            while (kept > 0 && kept < filled && (text[filled - kept] & 0xC0) == 0x80)
                kept++;
            line += text[..(filled - kept)].Count((byte)'\n');
            offset += filled - kept;
            text[(filled - kept)..].CopyTo(block);
            filled = kept;
        }
        return empty ? throw new CorpusException($"{name} holds no text") : layout;
    }

    /// <summary>Bytes at the end that begin a character whose rest has not been read yet.</summary>
    private static int IncompleteTail(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back < LongestSequence && back <= text.Length; back++)
        {
            var lead = text[^back];
            if ((lead & 0xC0) == 0xC0)
                return back < (lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2) ? back : 0;
            if (lead < 0x80)
                return 0;
        }
        return 0;
    }

    private static CorpusException Invalid(ReadOnlySpan<byte> text, string name, long offset, long line)
    {
        var good = 0;
        while (System.Text.Rune.DecodeFromUtf8(text[good..], out _, out var length) == System.Buffers.OperationStatus.Done)
            good += length;
        line += text[..good].Count((byte)'\n');
        var hint = offset + good == 0 && text[0] >= 0xFE ? " (it looks like UTF-16)" : "";
        return new CorpusException(string.Create(
            CultureInfo.InvariantCulture,
            $"{name} is not valid UTF-8 at byte {offset + good}, line {line}{hint}; convert it, for example with iconv -t UTF-8"));
    }
}
