using System.Text.Json;
using System.Text.Json.Nodes;

namespace TuneGrid.Training.Model;

/// <summary>All options by name, as they stand in a checkpoint's metadata.</summary>
internal static class OptionsJson
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 2, AllowDuplicateProperties = false };

    public static string Write(TrainingOptions options)
    {
        var json = new JsonObject();
        foreach (var option in OptionCatalog.All)
        {
            json[option.Name] = OptionCatalog.Read(options, option.Name) switch
            {
                long integer => JsonValue.Create(integer),
                double real => JsonValue.Create(real),
                bool flag => JsonValue.Create(flag),
                var text => JsonValue.Create((string)text),
            };
        }
        return json.ToJsonString();
    }

    /// <exception cref="ArgumentException">An unknown name or a value that the option can't have.</exception>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static TrainingOptions Read(string text)
    {
        // What older files don't name, they did without.
        var options = new TrainingOptions { AttentionScale = 0, BatchWarmup = 0, ContextWarmup = 0, Canon = 0 };
        using var json = JsonDocument.Parse(text, Strict);
        foreach (var property in Members(json))
            options = OptionCatalog.Apply(options, property.Name, Plain(property));
        // Files from before heads were written out meant heads of 32.
        if (text.Contains("\"heads\":0", StringComparison.Ordinal))
            options = options with { Heads = Math.Max(1, options.Width / 32) };
        return options;
    }

    /// <summary>
    /// Returns null if the options that a file names have these values, else where they differ: "width is 64 there and 96 here".
    /// </summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static string? Difference(string text, TrainingOptions expected)
    {
        var there = Read(text);
        using var json = JsonDocument.Parse(text, Strict);
        foreach (var name in Members(json).Select(p => p.Name))
        {
            var (mine, other) = (OptionCatalog.Read(expected, name), OptionCatalog.Read(there, name));
            if (!mine.Equals(other))
                return FormattableString.Invariant($"{name} is {other} there and {mine} here");
        }
        return null;
    }

    private static JsonElement.ObjectEnumerator Members(JsonDocument json) => json.RootElement.ValueKind == JsonValueKind.Object
        ? json.RootElement.EnumerateObject()
        : throw new ArgumentException($"the options are no object, but {json.RootElement.ValueKind}");

    private static object Plain(JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.String => property.Value.GetString()!,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => property.Value.TryGetInt64(out var integer) ? integer : property.Value.GetDouble(),
        var kind => throw new ArgumentException($"{property.Name} must be a value, not {kind.ToString().ToLowerInvariant()}"),
    };
}
