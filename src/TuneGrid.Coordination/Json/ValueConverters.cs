using System.Text.Json;
using System.Text.Json.Serialization;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Json;

/// <summary>An identifier that stands in JSON as its text alone.</summary>
internal abstract class TextConverter<T>(Func<string, T> wrap, Func<T, string> unwrap) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => wrap(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(unwrap(value));
}

/// <summary>An identifier that stands in JSON as its number alone.</summary>
internal abstract class NumberConverter<T>(Func<long, T> wrap, Func<T, long> unwrap) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => wrap(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNumberValue(unwrap(value));
}

internal sealed class StudyIdConverter() : TextConverter<StudyId>(v => new(v), v => v.Value);

internal sealed class SiloIdConverter() : TextConverter<SiloId>(v => new(v), v => v.Value);

internal sealed class ArtifactHashConverter() : TextConverter<ArtifactHash>(v => new(v), v => v.Hex);

internal sealed class HardwareClassConverter() : TextConverter<HardwareClass>(v => new(v), v => v.Key);

internal sealed class LeaseTokenConverter() : TextConverter<LeaseToken>(v => new(v), v => v.Secret);

internal sealed class TrialIdConverter() : NumberConverter<TrialId>(v => new((int)v), v => v.Number);

internal sealed class FenceConverter() : NumberConverter<Fence>(v => new(v), v => v.Value);
