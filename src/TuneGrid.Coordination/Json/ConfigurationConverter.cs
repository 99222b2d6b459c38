using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Json;

/// <summary>
/// A configuration as a plain object, in its own order. A real number always shows a point or an exponent, so that its kind survives.
/// </summary>
internal sealed class ConfigurationConverter : JsonConverter<Configuration>
{
    public override Configuration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, Configuration value, JsonSerializerOptions options) => Write(writer, value);

    internal static Configuration Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a configuration is an object");
        var values = ImmutableArray.CreateBuilder<KeyValuePair<string, ParameterValue>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // The same few names come back in every trial of a ledger.
            var name = string.Intern(reader.GetString()!);
            reader.Read();
            values.Add(new(name, Value(ref reader)));
        }
        return new(values.ToImmutable());
    }

    internal static void Write(Utf8JsonWriter writer, Configuration value)
    {
        writer.WriteStartObject();
        foreach (var (name, parameter) in value)
        {
            writer.WritePropertyName(name);
            Write(writer, parameter);
        }
        writer.WriteEndObject();
    }

    private static ParameterValue Value(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => ParameterValue.Of(true),
        JsonTokenType.False => ParameterValue.Of(false),
        JsonTokenType.String => ParameterValue.Of(reader.GetString()!),
        JsonTokenType.Number when reader.ValueSpan.IndexOfAny(".eE"u8) < 0 && reader.TryGetInt64(out var integer) =>
            ParameterValue.Of(integer),
        JsonTokenType.Number => ParameterValue.Of(reader.GetDouble()),
        _ => throw new JsonException("a parameter value is a number, a boolean or a text"),
    };

    private static void Write(Utf8JsonWriter writer, ParameterValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.Integer:
                writer.WriteNumberValue((long)value.Number);
                break;
            case ValueKind.Real:
                var text = value.Number.ToString("R", CultureInfo.InvariantCulture);
                writer.WriteRawValue(text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text);
                break;
            case ValueKind.Boolean:
                writer.WriteBooleanValue(value.IsTrue);
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }
}
