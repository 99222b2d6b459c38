using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TuneGrid.Cli.Terminal;

/// <summary>Results as JSON: one value on one line, so that "the last line of stdout" is always the whole result.</summary>
internal static class Json
{
    // Stories keep their apostrophes: nothing here ends up inside HTML.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(CliConsole console, JsonNode node) => console.Out.WriteLine(Text(node));

    /// <summary>What came of work that takes minutes: a reader who has left without it must not pass for one who has had enough.</summary>
    public static void WriteResult(CliConsole console, JsonNode node)
    {
        console.IsWholeOrNothing = true;
        Write(console, node);
    }

    /// <summary>An array, each element written before the next is made: there may be a hundred thousand.</summary>
    public static void Write(CliConsole console, IEnumerable<JsonObject> elements)
    {
        console.Out.Write('[');
        var separator = "";
        foreach (var element in elements)
        {
            console.Out.Write(separator + Text(element));
            separator = ",";
        }
        console.Out.WriteLine(']');
    }

    /// <summary>JSON has no NaN: a score that isn't one is null.</summary>
    public static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    public static JsonArray Array(IEnumerable<JsonNode?> nodes) => new([.. nodes]);

    /// <summary>What a terminal must not get raw can only stand inside of strings, where JSON has an escape for it.</summary>
    internal static string Text(JsonNode node)
    {
        var json = node.ToJsonString(Options);
        return Printable.IsSafe(json) ? json : string.Concat(json.Select(c => Printable.Of(c) == c
            ? c.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")));
    }

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
