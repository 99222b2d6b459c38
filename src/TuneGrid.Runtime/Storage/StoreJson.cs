using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Runtime.Storage;

/// <summary>How rows that are records look as JSON: snake_case names, ids as plain text and numbers, NaN and infinities by name.</summary>
internal static class StoreJson
{
    private static readonly JsonSerializerOptions Options = Create();

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <exception cref="JsonException">The text is not such a record.</exception>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("the record is null");

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameEvents } },
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        options.Converters.Add(new ConfigurationConverter());
        options.Converters.Add(new TextConverter<StudyId>(t => new(t), id => id.Value));
        options.Converters.Add(new TextConverter<SiloId>(t => new(t), id => id.Value));
        options.Converters.Add(new TextConverter<HardwareClass>(t => new(t), c => c.Key));
        options.Converters.Add(new TextConverter<ArtifactHash>(t => new(t), h => h.Hex));
        options.Converters.Add(new NumberConverter<TrialId>(n => new((int)n), id => id.Number));
        options.Converters.Add(new NumberConverter<Fence>(n => new(n), f => f.Value));
        return options;
    }

    private static void NameEvents(JsonTypeInfo type)
    {
        if (type.Type != typeof(StudyEvent))
            return;
        type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "event" };
        foreach (var kind in typeof(StudyEvent).Assembly.GetTypes().Where(t => t.BaseType == typeof(StudyEvent)))
            type.PolymorphismOptions.DerivedTypes.Add(new(kind, kind.Name));
    }

    private sealed class TextConverter<T>(Func<string, T> read, Func<T, string> write) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => read(reader.GetString() ?? throw new JsonException());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
    }

    private sealed class NumberConverter<T>(Func<long, T> read, Func<T, long> write) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => read(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNumberValue(write(value));
    }
}
