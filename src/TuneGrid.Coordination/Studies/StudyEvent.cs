using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>
/// One entry of a study's ledger. Formats only grow: a released event never loses or renames a field, a new field has a default.
/// </summary>
/// <param name="At">The store's clock when the event was decided; shown to people, never used to decide.</param>
public abstract record StudyEvent(DateTimeOffset At);

/// <param name="Space">The search space as validated JSON, overrides applied.</param>
/// <param name="Trace">W3C traceparent of the study's root span, or null.</param>
public sealed record StudyCreated(DateTimeOffset At, string Name, string Space, CorpusReference Corpus, string? Trace) : StudyEvent(At);

/// <summary>A new configuration was sampled for a hardware class.</summary>
public sealed record TrialProposed(DateTimeOffset At, TrialId Trial, HardwareClass Class, int Bracket, Configuration Configuration, string? Trace) : StudyEvent(At);

/// <summary>A silo got the right to train the trial up to a rung. The fence is this event's own sequence number.</summary>
/// <param name="FromAmount">Where the segment starts, in budget units.</param>
/// <param name="ToAmount">Where it ends, in budget units.</param>
public sealed record SegmentLeased(
    DateTimeOffset At, TrialId Trial, int Segment, Fence Fence, SiloId Silo, int Rung, double FromAmount, double ToAmount, string? Trace) : StudyEvent(At);

/// <summary>The trial reached its rung; its checkpoint lies in the artifact store. It is now paused, unless this was the last rung.</summary>
public sealed record RungReached(
    DateTimeOffset At, TrialId Trial, int Segment, Fence Fence, int Rung, SegmentResult Result) : StudyEvent(At);

/// <summary>The silo stopped before the rung (Ctrl-C, drain) and gave back the lease; what it trained so far is in the checkpoint.</summary>
public sealed record TrialPaused(
    DateTimeOffset At, TrialId Trial, int Segment, Fence Fence, double Amount, ArtifactHash? Checkpoint) : StudyEvent(At);

/// <summary>The trial may go on to <paramref name="ToRung"/>, and why.</summary>
public sealed record TrialPromoted(DateTimeOffset At, TrialId Trial, int ToRung, PromotionReason Why) : StudyEvent(At);

/// <summary>The trial ended for good without a result.</summary>
public sealed record TrialFailed(DateTimeOffset At, TrialId Trial, Fence Fence, FailureKind Kind, string Reason) : StudyEvent(At);

/// <summary>The silo that held the trial fell silent; the trial waits to be resumed from its last checkpoint.</summary>
public sealed record LeaseExpired(DateTimeOffset At, TrialId Trial, Fence Fence) : StudyEvent(At);

/// <summary>The trial reached the whole budget.</summary>
public sealed record TrialCompleted(DateTimeOffset At, TrialId Trial, SegmentResult Result) : StudyEvent(At);

public sealed record StudyCompleted(DateTimeOffset At) : StudyEvent(At);

public sealed record StudyCancelled(DateTimeOffset At, string Reason) : StudyEvent(At);
