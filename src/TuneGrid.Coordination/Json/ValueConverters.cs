using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using TuneGrid.Search.Analysis;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

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

/// <summary>A list as an array of its items, each written by the one who knows it.</summary>
internal abstract class ListConverter<T> : JsonConverter<ValueList<T>>
{
    public override ValueList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("a list is an array");
        var items = ImmutableArray.CreateBuilder<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(ReadItem(ref reader));
        return new(items.ToImmutable());
    }

    public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var item in value)
            WriteItem(writer, item);
        writer.WriteEndArray();
    }

    protected abstract T ReadItem(ref Utf8JsonReader reader);

    protected abstract void WriteItem(Utf8JsonWriter writer, T item);
}

internal sealed class NumbersConverter : ListConverter<double>
{
    protected override double ReadItem(ref Utf8JsonReader reader) => reader.GetDouble();

    protected override void WriteItem(Utf8JsonWriter writer, double item) => writer.WriteNumberValue(item);
}

internal sealed class TrialsConverter : ListConverter<TrialId>
{
    protected override TrialId ReadItem(ref Utf8JsonReader reader) => new(reader.GetInt32());

    protected override void WriteItem(Utf8JsonWriter writer, TrialId item) => writer.WriteNumberValue(item.Number);
}

/// <summary>A curve's points as pairs of amount and score: there are many of them.</summary>
internal sealed class CurveConverter : ListConverter<CurvePoint>
{
    protected override CurvePoint ReadItem(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("a point of a curve is a pair");
        reader.Read();
        var amount = reader.GetDouble();
        reader.Read();
        var score = reader.GetDouble();
        reader.Read();
        return new(amount, score);
    }

    protected override void WriteItem(Utf8JsonWriter writer, CurvePoint item)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(item.Amount);
        writer.WriteNumberValue(item.Score);
        writer.WriteEndArray();
    }
}

/// <summary>Points of noise as their four numbers.</summary>
internal sealed class NoiseConverter : ListConverter<NoisePoint>
{
    protected override NoisePoint ReadItem(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("a point of noise is four numbers");
        reader.Read();
        var amount = reader.GetDouble();
        reader.Read();
        var deviation = reader.GetDouble();
        reader.Read();
        var freedom = reader.GetInt32();
        reader.Read();
        var spread = reader.GetDouble();
        reader.Read();
        return new(amount, deviation, freedom, spread);
    }

    protected override void WriteItem(Utf8JsonWriter writer, NoisePoint item)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(item.Amount);
        writer.WriteNumberValue(item.Deviation);
        writer.WriteNumberValue(item.Freedom);
        writer.WriteNumberValue(item.Spread);
        writer.WriteEndArray();
    }
}

/// <summary>Trials of earlier studies as pairs of rank and configuration.</summary>
internal sealed class EarlierTrialsConverter : ListConverter<EarlierTrial>
{
    protected override EarlierTrial ReadItem(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("an earlier trial is a pair");
        reader.Read();
        var rank = reader.GetDouble();
        reader.Read();
        var configuration = ConfigurationConverter.Read(ref reader);
        reader.Read();
        return new(configuration, rank);
    }

    protected override void WriteItem(Utf8JsonWriter writer, EarlierTrial item)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(item.Rank);
        ConfigurationConverter.Write(writer, item.Configuration);
        writer.WriteEndArray();
    }
}

internal sealed class StudyIdConverter() : TextConverter<StudyId>(v => new(v), v => v.Value);

internal sealed class SiloIdConverter() : TextConverter<SiloId>(v => new(v), v => v.Value);

internal sealed class ArtifactHashConverter() : TextConverter<ArtifactHash>(v => new(v), v => v.Hex);

internal sealed class HardwareClassConverter() : TextConverter<HardwareClass>(v => new(v), v => v.Key);

internal sealed class LeaseTokenConverter() : TextConverter<LeaseToken>(v => new(v), v => v.Secret);

internal sealed class TrialIdConverter() : NumberConverter<TrialId>(v => new((int)v), v => v.Number);

internal sealed class FenceConverter() : NumberConverter<Fence>(v => new(v), v => v.Value);
