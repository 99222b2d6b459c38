using System.Text.Json.Serialization;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Ledger;

/// <summary>
/// One entry of a study's ledger. Formats only grow: a released event never loses or renames a field, a new field has a default.
/// </summary>
/// <param name="At">The store's clock when the event was decided; shown to people, never used to decide.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(StudyCreated), "study_created")]
[JsonDerivedType(typeof(TrialProposed), "trial_proposed")]
[JsonDerivedType(typeof(SegmentLeased), "segment_leased")]
[JsonDerivedType(typeof(RungReached), "rung_reached")]
[JsonDerivedType(typeof(TrialPaused), "trial_paused")]
[JsonDerivedType(typeof(TrialPromoted), "trial_promoted")]
[JsonDerivedType(typeof(TrialFailed), "trial_failed")]
[JsonDerivedType(typeof(LeaseExpired), "lease_expired")]
[JsonDerivedType(typeof(CheckpointLost), "checkpoint_lost")]
[JsonDerivedType(typeof(SegmentDisturbed), "segment_disturbed")]
[JsonDerivedType(typeof(TrialCompleted), "trial_completed")]
[JsonDerivedType(typeof(StudyCompleted), "study_completed")]
[JsonDerivedType(typeof(StudyCancelled), "study_cancelled")]
public abstract record StudyEvent(DateTimeOffset At);

/// <param name="Space">The search space as validated JSON, overrides applied.</param>
/// <param name="Trace">W3C traceparent of the study's root span, or null.</param>
/// <param name="Disturbance">What happens to segments of disturbed silos.</param>
public sealed record StudyCreated(
    DateTimeOffset At, string Name, string Space, CorpusReference Corpus, string? Trace,
    DisturbancePolicy Disturbance = DisturbancePolicy.Accept) : StudyEvent(At);

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

/// <summary>The checkpoint a segment was to go on from is missing or damaged; the lease is given back and the trial goes on from the one before, or from its start.</summary>
public sealed record CheckpointLost(DateTimeOffset At, TrialId Trial, Fence Fence, ArtifactHash Checkpoint, string Reason) : StudyEvent(At);

/// <summary>The segment ran markedly below its silo's norm and the study's policy is to run it again; its result counts nowhere.</summary>
public sealed record SegmentDisturbed(DateTimeOffset At, TrialId Trial, int Segment, Fence Fence, SegmentResult Discarded) : StudyEvent(At);

/// <summary>The trial reached the whole budget.</summary>
public sealed record TrialCompleted(DateTimeOffset At, TrialId Trial, SegmentResult Result) : StudyEvent(At);

public sealed record StudyCompleted(DateTimeOffset At) : StudyEvent(At);

public sealed record StudyCancelled(DateTimeOffset At, string Reason) : StudyEvent(At);
