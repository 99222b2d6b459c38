namespace TuneGrid.Search.Reading.Json;

/// <summary>User text inside a message: short, on one line.</summary>
internal static class Quoted
{
    private const int MaxLength = 40;

    public static string Shorten(string text) => text.Length > MaxLength ? OneLine(text[..MaxLength]) + "..." : OneLine(text);

    public static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));
}
