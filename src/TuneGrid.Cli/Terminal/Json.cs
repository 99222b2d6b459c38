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

    public static void Write(CliConsole console, JsonNode node) => console.Out.WriteLine(node.ToJsonString(Options));

    /// <summary>An array, each element written before the next is made: there may be a hundred thousand.</summary>
    public static void Write(CliConsole console, IEnumerable<JsonObject> elements)
    {
        console.Out.Write('[');
        var separator = "";
        foreach (var element in elements)
        {
            console.Out.Write(separator + element.ToJsonString(Options));
            separator = ",";
        }
        console.Out.WriteLine(']');
    }

    /// <summary>JSON has no NaN: a score that isn't one is null.</summary>
    public static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    public static JsonArray Array(IEnumerable<JsonNode?> nodes) => new([.. nodes]);

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
