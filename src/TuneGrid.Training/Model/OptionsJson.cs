using System.Text.Json;
using System.Text.Json.Nodes;

namespace TuneGrid.Training.Model;

/// <summary>All options by name, as they stand in a checkpoint's metadata.</summary>
internal static class OptionsJson
{
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

    /// <exception cref="ArgumentException">An unknown name or a value out of range.</exception>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static TrainingOptions Read(string text)
    {
        // What older files don't name, they did without.
        var options = new TrainingOptions { AttentionScale = 0, BatchWarmup = 0, ContextWarmup = 0, Canon = 0 };
        foreach (var (name, value) in JsonNode.Parse(text)!.AsObject())
        {
            object plain = value!.GetValueKind() switch
            {
                JsonValueKind.String => value.GetValue<string>(),
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => value.AsValue().TryGetValue<long>(out var integer) ? integer : value.GetValue<double>(),
            };
            options = OptionCatalog.Apply(options, name, plain);
        }
        // Files from before heads were written out meant heads of 32.
        if (text.Contains("\"heads\":0", StringComparison.Ordinal))
            options = options with { Heads = Math.Max(1, options.Width / 32) };
        return options;
    }
}
