using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TuneGrid.Search.Space;

namespace TuneGrid.Runtime.Storage;

/// <summary>A configuration as a flat object. A real number always carries a point or an exponent, so that 2.0 comes back as real and 2 as integer.</summary>
internal sealed class ConfigurationConverter : JsonConverter<Configuration>
{
    public override Configuration Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a configuration is an object");
        var values = ImmutableArray.CreateBuilder<KeyValuePair<string, ParameterValue>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            values.Add(new(name, ReadValue(ref reader)));
        }
        return new(values.ToImmutable());
    }

    public override void Write(Utf8JsonWriter writer, Configuration value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, parameter) in value)
        {
            writer.WritePropertyName(name);
            if (parameter.Kind == ValueKind.Real)
                writer.WriteRawValue(RealText(parameter.Number));
            else
                parameter.ToJson().WriteTo(writer, options);
        }
        writer.WriteEndObject();
    }

    private static string RealText(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    private static ParameterValue ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => ParameterValue.Of(true),
        JsonTokenType.False => ParameterValue.Of(false),
        JsonTokenType.String => ParameterValue.Of(reader.GetString()!),
        JsonTokenType.Number when !reader.ValueSpan.ContainsAny(".eE"u8) => ParameterValue.Of(reader.GetInt64()),
        JsonTokenType.Number => ParameterValue.Of(reader.GetDouble()),
        _ => throw new JsonException("a parameter is a number, a text or a boolean"),
    };
}
