using System.Text.Json.Serialization;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Trials;

/// <summary>How a segment ended.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "outcome")]
[JsonDerivedType(typeof(Reached), "reached")]
[JsonDerivedType(typeof(Stopped), "stopped")]
[JsonDerivedType(typeof(Released), "released")]
[JsonDerivedType(typeof(Failed), "failed")]
public abstract record SegmentOutcome
{
    private SegmentOutcome() { }

    /// <summary>
    /// What was evaluated on the way before it stopped or failed, in ascending order of amount; null where nothing was. What reached its
    /// rung has it in its result.
    /// </summary>
    public ValueList<CurvePoint>? Curve { get; init; }

    /// <summary>It was trained to its rung and scored.</summary>
    public sealed record Reached(SegmentResult Result) : SegmentOutcome;

    /// <summary>It was asked to stop before the rung.</summary>
    /// <param name="Amount">Spent so far since the trial began, in budget units.</param>
    /// <param name="Checkpoint">Null if nothing was trained yet.</param>
    public sealed record Stopped(double Amount, ArtifactHash? Checkpoint) : SegmentOutcome;

    /// <summary>This silo could not run it; another may.</summary>
    /// <param name="Reason">One line for people.</param>
    public sealed record Released(ReleaseCause Cause, string Reason) : SegmentOutcome;

    /// <summary>The configuration can't be trained.</summary>
    /// <param name="Reason">One line for people.</param>
    public sealed record Failed(FailureKind Kind, string Reason) : SegmentOutcome;
}
