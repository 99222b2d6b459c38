using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Json;

/// <summary>Events, and the rows beside the ledger, as compact UTF-8 JSON. What one release writes, every later one reads.</summary>
public static class EventJson
{
    public static byte[] Write(StudyEvent change) => JsonSerializer.SerializeToUtf8Bytes(change, GridJsonContext.Default.StudyEvent);

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
            throw new LedgerCorruptException(sequence, "it can't be read as an event (cut, altered, or written by a newer release)", exception);
        }
    }

    public static byte[] WriteSummary(StudySummary summary) => JsonSerializer.SerializeToUtf8Bytes(summary, GridJsonContext.Default.StudySummary);

    public static byte[] WriteSilo(SiloDescription silo) => JsonSerializer.SerializeToUtf8Bytes(silo, GridJsonContext.Default.SiloDescription);

    public static byte[] WriteProgress(SegmentProgress progress) => JsonSerializer.SerializeToUtf8Bytes(progress, GridJsonContext.Default.SegmentProgress);

    public static byte[] WriteOrder(SegmentOrder order) => JsonSerializer.SerializeToUtf8Bytes(order, GridJsonContext.Default.SegmentOrder);

    public static byte[] WriteOutcome(SegmentOutcome outcome) => JsonSerializer.SerializeToUtf8Bytes(outcome, GridJsonContext.Default.SegmentOutcome);

    /// <summary>Null if the bytes are damaged: a summary can always be folded anew from its ledger.</summary>
    public static StudySummary? ReadSummary(ReadOnlySpan<byte> utf8) => TryRead(utf8, GridJsonContext.Default.StudySummary);

    /// <summary>Null if the bytes are damaged.</summary>
    public static SiloDescription? ReadSilo(ReadOnlySpan<byte> utf8) => TryRead(utf8, GridJsonContext.Default.SiloDescription);

    /// <summary>Null if the bytes are damaged.</summary>
    public static SegmentProgress? ReadProgress(ReadOnlySpan<byte> utf8) => TryRead(utf8, GridJsonContext.Default.SegmentProgress);

    /// <summary>Null if the bytes are damaged.</summary>
    public static SegmentOrder? ReadOrder(ReadOnlySpan<byte> utf8) => TryRead(utf8, GridJsonContext.Default.SegmentOrder);

    /// <summary>Null if the bytes are damaged.</summary>
    public static SegmentOutcome? ReadOutcome(ReadOnlySpan<byte> utf8) => TryRead(utf8, GridJsonContext.Default.SegmentOutcome);

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

    private static bool IsMalformed(Exception exception)
        => exception is JsonException or NotSupportedException or InvalidOperationException or FormatException or ArgumentException or OverflowException;
}
