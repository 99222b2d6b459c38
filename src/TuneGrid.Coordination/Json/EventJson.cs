using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Json;

/// <summary>Events, and the rows beside the ledger, as compact UTF-8 JSON. What one release writes, every later one reads.</summary>
public static class EventJson
{
    /// <summary>The options by which the grid's own records stand in JSON, on the wire as in the stores.</summary>
    public static JsonSerializerOptions Options => GridJsonContext.Default.Options;

    /// <summary>Returns whether a type is one of the grid's own records, which <see cref="Options"/> know.</summary>
    public static bool Knows(Type type) => GridJsonContext.Default.GetTypeInfo(type) is not null;

    /// <summary>Returns an event as it stands in the ledger.</summary>
    public static byte[] Write(StudyEvent change) => JsonSerializer.SerializeToUtf8Bytes(change, GridJsonContext.Default.StudyEvent);

    /// <summary>Returns the event that stands at a place in the ledger.</summary>
    /// <param name="sequence">That place; 1 for a study's first event.</param>
    /// <exception cref="LedgerCorruptException">The bytes are no event this release knows.</exception>
    public static RecordedEvent Read(long sequence, ReadOnlySpan<byte> utf8)
    {
        try
        {
            var change = JsonSerializer.Deserialize(utf8, GridJsonContext.Default.StudyEvent);
            return new(sequence, change ?? throw new JsonException("it is null"));
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            throw new LedgerCorruptException(
                sequence, "it can't be read as an event (cut, altered, or written by a newer release)", exception);
        }
    }

    /// <summary>Returns a study's header as it stands beside the ledger.</summary>
    public static byte[] WriteSummary(StudySummary summary) =>
        JsonSerializer.SerializeToUtf8Bytes(summary, GridJsonContext.Default.StudySummary);

    /// <summary>Returns a silo's row.</summary>
    public static byte[] WriteSilo(SiloDescription silo) =>
        JsonSerializer.SerializeToUtf8Bytes(silo, GridJsonContext.Default.SiloDescription);

    /// <summary>Returns what a heartbeat carries.</summary>
    public static byte[] WriteProgress(SegmentProgress progress) =>
        JsonSerializer.SerializeToUtf8Bytes(progress, GridJsonContext.Default.SegmentProgress);

    /// <summary>Returns a study's header; null if the bytes are damaged: it can always be folded anew from its ledger.</summary>
    public static StudySummary? ReadSummary(ReadOnlySpan<byte> utf8) => TryRead(utf8, GridJsonContext.Default.StudySummary);

    /// <summary>Returns a silo's description of itself; null if the bytes are damaged.</summary>
    public static SiloDescription? ReadSilo(ReadOnlySpan<byte> utf8) => TryRead(utf8, GridJsonContext.Default.SiloDescription);

    /// <summary>Returns what a heartbeat carried; null if the bytes are damaged.</summary>
    public static SegmentProgress? ReadProgress(ReadOnlySpan<byte> utf8) => TryRead(utf8, GridJsonContext.Default.SegmentProgress);

    private static T? TryRead<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, type);
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            return null;
        }
    }

    private static bool IsMalformed(Exception exception) => exception
        is JsonException or NotSupportedException or InvalidOperationException
        or FormatException or ArgumentException or OverflowException;
}
