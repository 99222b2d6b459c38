namespace TuneGrid.Training.Tokenization;

/// <summary>
/// Cuts text into the words that merges never cross, as GPT-2's pattern does, but on bytes and without a regular expression:
/// <c>'(?:[sdmt]|ll|ve|re)| ?[letters]+| ?[0-9]+| ?[^\s letters 0-9]+|\s+(?!\S)|\s+</c>, where bytes above 127 count as letters.
/// </summary>
internal static class WordScanner
{
    /// <summary>A longer run is cut here, so that one endless "word" cannot make encoding quadratic.</summary>
    public const int LongestWord = 128;

    private enum Kind : byte { Punctuation, Space, Letter, Digit }

    private static readonly Kind[] Kinds = [.. Enumerable.Range(0, 256).Select(b => KindOf((byte)b))];

    /// <summary>Length of the word that the text, which is not empty, begins with: 1 to <see cref="LongestWord"/> bytes.</summary>
    public static int NextWord(ReadOnlySpan<byte> text)
    {
        if (text[0] == '\'' && Contraction(text) is > 0 and var contraction)
            return contraction;
        var first = text[0] == ' ' && text.Length > 1 && Kinds[text[1]] != Kind.Space ? 1 : 0;
        var kind = Kinds[text[first]];
        var limit = Math.Min(text.Length, LongestWord);
        var end = first + 1;
        while (end < limit && Kinds[text[end]] == kind)
            end++;
        // Of a run of spaces before a word, the last belongs to that word.
        return kind == Kind.Space && end > 1 && end < text.Length && Kinds[text[end]] != Kind.Space ? end - 1 : end;
    }

    private static int Contraction(ReadOnlySpan<byte> text)
    {
        if (text.Length > 2 && (text[1..].StartsWith("ll"u8) || text[1..].StartsWith("ve"u8) || text[1..].StartsWith("re"u8)))
            return 3;
        return text.Length > 1 && "sdmt"u8.Contains(text[1]) ? 2 : 0;
    }

    private static Kind KindOf(byte b) => (char)b switch
    {
        ' ' or >= '\t' and <= '\r' => Kind.Space,
        >= '0' and <= '9' => Kind.Digit,
        >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '\x80' => Kind.Letter,
        _ => Kind.Punctuation,
    };
}
