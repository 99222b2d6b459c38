namespace TuneGrid.Training.Corpora;

/// <summary>
/// Finds where documents end. A pure function of the bytes from a document's start on, so block borders never move a cut.
/// </summary>
internal static class DocumentCutter
{
    /// <summary>A plain document ends at the first blank line after this many bytes ...</summary>
    private const int PlainBytes = 1024;

    /// <summary>... or, where there is none for so long, at a line's end or between words.</summary>
    public const int MostPlainBytes = 4096;

    public static ReadOnlySpan<byte> Separator => "<|endoftext|>"u8;

    /// <summary>The next document's length and the bytes to skip to the one after it; false if more bytes are needed to tell.</summary>
    /// <param name="last">No bytes follow these.</param>
    public static bool TryCut(ReadOnlySpan<byte> text, DocumentLayout layout, bool last, out int length, out int consumed)
    {
        if (layout == DocumentLayout.Stories)
        {
            length = text.IndexOf(Separator);
            consumed = length + Separator.Length;
        }
        else
        {
            length = consumed = text.Length >= MostPlainBytes || last ? PlainCut(text) : -1;
        }
        if (length < 0 && last)
            length = consumed = text.Length;
        return length >= 0;
    }

    private static int PlainCut(ReadOnlySpan<byte> text)
    {
        if (text.Length <= PlainBytes)
            return -1;
        text = text[..Math.Min(text.Length, MostPlainBytes)];
        for (var i = PlainBytes; i < text.Length; i++)
        {
            if (text[i] == '\n' && text[(i + 1)..].TrimStart(" \t\r"u8) is [(byte)'\n', ..])
                return i + 1;
        }
        if (text.Length < MostPlainBytes)
            return -1;
        var cut = text.LastIndexOf((byte)'\n');
        cut = cut > 0 ? cut : text.LastIndexOf((byte)' ');
        if (cut > 0)
            return cut;
        cut = text.Length;
        while (cut > 1 && (text[cut - 1] & 0xC0) == 0x80)
            cut--; // never inside a character: step back to its first byte
        return cut > 1 ? cut - 1 : text.Length;
    }
}
