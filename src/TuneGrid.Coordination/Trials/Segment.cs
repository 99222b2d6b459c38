using TuneGrid.Coordination.Ledger;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Trials;

/// <summary>How far a segment came.</summary>
public enum SegmentEnd
{
    /// <summary>It has not ended.</summary>
    Running,

    /// <summary>It reached its rung.</summary>
    Reached,

    /// <summary>It was asked to stop before the rung, and what it trained is kept.</summary>
    Paused,

    /// <summary>Its silo fell silent.</summary>
    Expired,

    /// <summary>The checkpoint it was to go on from could not be used.</summary>
    Damaged,

    /// <summary>Its silo could not run it.</summary>
    Released,

    /// <summary>Its silo ran markedly below its norm; the segment is run again.</summary>
    Disturbed,

    /// <summary>The trial failed in it.</summary>
    Failed,

    /// <summary>A person ended the trial or the study.</summary>
    Cancelled,
}

/// <summary>One run of a trial on one silo.</summary>
/// <param name="Number">Within the trial, from 0.</param>
/// <param name="Host">The machine that the silo runs on.</param>
/// <param name="Rung">Where it leads, counted from 0.</param>
/// <param name="FromAmount">Where it starts, in budget units.</param>
/// <param name="ToAmount">The rung it runs toward, in budget units.</param>
/// <param name="StartedAt">When it was leased, by the store's clock.</param>
/// <param name="Trace">W3C traceparent of its span, or null.</param>
/// <param name="Result">Only if it reached its rung.</param>
public sealed record Segment(
    int Number, Fence Fence, SiloId Silo, string Host, int Rung, double FromAmount, double ToAmount, DateTimeOffset StartedAt,
    string? Trace, SegmentEnd End, SegmentResult? Result)
{
    /// <summary>Goes with the fence; null in ledgers of releases that had none.</summary>
    public LeaseToken? Token { get; init; }

    /// <summary>What was evaluated in it before its end, in ascending order of amount; null where nothing was.</summary>
    public ValueList<CurvePoint>? Curve { get; init; }

    /// <summary>When the ledger heard that it was over, by the store's clock; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
