using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Input;

/// <summary>What somebody probably meant.</summary>
internal static class Nearest
{
    private const int ShortestPrefix = 3;

    /// <summary>The candidate that the word begins, or is a slip of; null if none is near.</summary>
    public static string? Of(string word, IReadOnlyList<string> candidates) =>
        (word.Length >= ShortestPrefix ? candidates.FirstOrDefault(c => c.StartsWith(word, StringComparison.OrdinalIgnoreCase)) : null)
        ?? NearestName.Find(word, candidates);

    /// <summary>" Did you mean 'x'?", or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> candidates) =>
        Of(word, [.. candidates]) is { } near ? $" Did you mean '{near}'?" : "";
}
