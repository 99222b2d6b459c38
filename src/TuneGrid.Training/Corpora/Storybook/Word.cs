using System.Text;

namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>A word or phrase as bytes, and whether "an" goes before it.</summary>
internal sealed class Word(string text)
{
    public byte[] Text { get; } = Encoding.ASCII.GetBytes(text);

    public bool TakesAn { get; } = "aeiou".Contains(char.ToLowerInvariant(text[0]), StringComparison.Ordinal)
        && !text.StartsWith("uni", StringComparison.Ordinal)
        && !text.StartsWith("use", StringComparison.Ordinal)
        || text.StartsWith("hono", StringComparison.Ordinal)
        || text.StartsWith("hour", StringComparison.Ordinal);

    /// <summary>A list of phrases separated by commas or line ends.</summary>
    public static Word[] List(string phrases) =>
        [.. phrases.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(phrase => new Word(phrase))];
}
