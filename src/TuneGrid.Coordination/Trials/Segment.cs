using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Coordination.Trials;

public enum SegmentEnd { Running, Reached, Paused, Expired, Damaged, Disturbed, Failed, Cancelled }

/// <summary>One run of a trial on one silo.</summary>
/// <param name="FromAmount">In budget units.</param>
/// <param name="ToAmount">The rung it runs toward, in budget units.</param>
/// <param name="Result">Only if it reached its rung.</param>
public sealed record Segment(
    int Number, Fence Fence, SiloId Silo, int Rung, double FromAmount, double ToAmount, DateTimeOffset StartedAt, string? Trace, SegmentEnd End, SegmentResult? Result);
