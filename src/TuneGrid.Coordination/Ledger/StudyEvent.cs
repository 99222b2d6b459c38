using System.Text.Json.Serialization;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Analysis;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Ledger;

/// <summary>
/// One entry of a study's ledger. Formats only grow: a released event never loses or renames a field, a new field has a default.
/// </summary>
/// <param name="At">
/// The store's clock when the event was decided. Shown to people; it decides nothing, except where the space limits the study's time: there
/// the next decisions follow from it.
/// </param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(StudyCreated), "study_created")]
[JsonDerivedType(typeof(TrialProposed), "trial_proposed")]
[JsonDerivedType(typeof(SegmentLeased), "segment_leased")]
[JsonDerivedType(typeof(RungReached), "rung_reached")]
[JsonDerivedType(typeof(TrialPaused), "trial_paused")]
[JsonDerivedType(typeof(TrialPromoted), "trial_promoted")]
[JsonDerivedType(typeof(TrialFailed), "trial_failed")]
[JsonDerivedType(typeof(LeaseExpired), "lease_expired")]
[JsonDerivedType(typeof(TrialReleased), "trial_released")]
[JsonDerivedType(typeof(CheckpointLost), "checkpoint_lost")]
[JsonDerivedType(typeof(SegmentDisturbed), "segment_disturbed")]
[JsonDerivedType(typeof(TrialCompleted), "trial_completed")]
[JsonDerivedType(typeof(ProposalsEnded), "proposals_ended")]
[JsonDerivedType(typeof(ClassNoiseRecorded), "class_noise_recorded")]
[JsonDerivedType(typeof(StudyCompleted), "study_completed")]
[JsonDerivedType(typeof(StudyCancelled), "study_cancelled")]
[JsonDerivedType(typeof(StudyPaused), "study_paused")]
[JsonDerivedType(typeof(StudyResumed), "study_resumed")]
[JsonDerivedType(typeof(TrialEnqueued), "trial_enqueued")]
[JsonDerivedType(typeof(TrialRetried), "trial_retried")]
[JsonDerivedType(typeof(StudyExtended), "study_extended")]
[JsonDerivedType(typeof(StudyWarmStarted), "study_warm_started")]
[JsonDerivedType(typeof(TimeLimitReached), "time_limit_reached")]
public abstract record StudyEvent(DateTimeOffset At);

/// <summary>A study begins.</summary>
/// <param name="Space">The search space as validated JSON, overrides applied.</param>
/// <param name="Trace">W3C traceparent of the study's root span, or null.</param>
/// <param name="Disturbance">What happens to segments of disturbed silos.</param>
public sealed record StudyCreated(
    DateTimeOffset At, string Name, string Space, CorpusReference Corpus, string? Trace,
    DisturbancePolicy Disturbance = DisturbancePolicy.Accept) : StudyEvent(At);

/// <summary>A new configuration was sampled for a hardware class.</summary>
/// <param name="Bracket">Its place among the brackets of the class's scheduler, from 0.</param>
/// <param name="Trace">W3C traceparent of the trial's span, or null.</param>
/// <param name="Why">What chose the configuration; null in ledgers of releases that drew at random only.</param>
/// <param name="RepeatOf">The trial whose configuration it runs again on a fresh seed and data order; null for one of its own.</param>
public sealed record TrialProposed(
    DateTimeOffset At, TrialId Trial, HardwareClass Class, int Bracket, Configuration Configuration, string? Trace,
    ProposalReason? Why = null, TrialId? RepeatOf = null) : StudyEvent(At);

/// <summary>A silo got the right to train the trial up to a rung. The fence is this event's own sequence number.</summary>
/// <param name="Segment">Its number within the trial, from 0.</param>
/// <param name="Rung">Counted from 0.</param>
/// <param name="FromAmount">Where the segment starts, in budget units.</param>
/// <param name="ToAmount">Where it ends, in budget units.</param>
/// <param name="Trace">W3C traceparent of the segment's span, or null.</param>
/// <param name="Token">Goes with the fence; null in ledgers of releases that had none, and then no report is taken under it.</param>
/// <param name="Host">The machine that the silo runs on; null in ledgers of older releases.</param>
public sealed record SegmentLeased(
    DateTimeOffset At, TrialId Trial, int Segment, Fence Fence, SiloId Silo, int Rung, double FromAmount, double ToAmount, string? Trace,
    LeaseToken? Token = null, string? Host = null) : StudyEvent(At);

/// <summary>
/// The trial reached its rung; its checkpoint lies in the artifact store. It waits there for its promotion, unless this was the last rung.
/// </summary>
public sealed record RungReached(
    DateTimeOffset At, TrialId Trial, int Segment, Fence Fence, int Rung, SegmentResult Result) : StudyEvent(At);

/// <summary>
/// The silo stopped before the rung (Ctrl-C, drain, a paused study) and gave back the lease; what it trained so far is in the checkpoint.
/// </summary>
/// <param name="Amount">Spent since the trial began, in budget units.</param>
/// <param name="Checkpoint">Null if nothing was trained yet.</param>
public sealed record TrialPaused(
    DateTimeOffset At, TrialId Trial, int Segment, Fence Fence, double Amount, ArtifactHash? Checkpoint) : StudyEvent(At)
{
    /// <summary>What was evaluated in the segment before it stopped, in ascending order of amount; null where nothing was.</summary>
    public ValueList<CurvePoint>? Curve { get; init; }
}

/// <summary>The trial may go on to <paramref name="ToRung"/>, and why.</summary>
public sealed record TrialPromoted(DateTimeOffset At, TrialId Trial, int ToRung, PromotionReason Why) : StudyEvent(At);

/// <summary>The trial ended for good without a result.</summary>
/// <param name="Fence">Of the lease that it ended under, or its last one's; 0 if it never ran.</param>
public sealed record TrialFailed(DateTimeOffset At, TrialId Trial, Fence Fence, FailureKind Kind, string Reason) : StudyEvent(At)
{
    /// <summary>What was evaluated in its last segment before it failed, in ascending order of amount; null where nothing was.</summary>
    public ValueList<CurvePoint>? Curve { get; init; }
}

/// <summary>The silo that held the trial fell silent; the trial waits to be resumed from its last checkpoint.</summary>
public sealed record LeaseExpired(DateTimeOffset At, TrialId Trial, Fence Fence) : StudyEvent(At);

/// <summary>The silo could not run the segment and gave back the lease; what the trial had before still stands.</summary>
/// <param name="Reason">One line for people.</param>
public sealed record TrialReleased(
    DateTimeOffset At, TrialId Trial, int Segment, Fence Fence, ReleaseCause Cause, string Reason) : StudyEvent(At);

/// <summary>
/// The checkpoint a segment was to go on from is missing or damaged; the lease is given back and the trial goes on from the one before, or
/// from its start.
/// </summary>
public sealed record CheckpointLost(DateTimeOffset At, TrialId Trial, Fence Fence, ArtifactHash Checkpoint, string Reason) : StudyEvent(At);

/// <summary>The segment ran markedly below its silo's norm and the study's policy is to run it again.</summary>
/// <param name="Discarded">Its result, which counts nowhere.</param>
public sealed record SegmentDisturbed(
    DateTimeOffset At, TrialId Trial, int Segment, Fence Fence, SegmentResult Discarded) : StudyEvent(At);

/// <summary>The trial reached the whole budget.</summary>
public sealed record TrialCompleted(DateTimeOffset At, TrialId Trial, SegmentResult Result) : StudyEvent(At);

/// <summary>
/// No more trials are proposed for a hardware class, since no feasible configuration was found for the next one, or since the study's time
/// is nearly over; those there are go on.
/// </summary>
public sealed record ProposalsEnded(DateTimeOffset At, HardwareClass Class, string Reason) : StudyEvent(At);

/// <summary>
/// What earlier studies know of a class's noise, before its first decision that may take account of it: what a decision takes from
/// elsewhere stands in the ledger first.
/// </summary>
/// <param name="Source">The studies whose repeats have shown it.</param>
/// <param name="Noise">In ascending order of amount; the last is the whole budget.</param>
public sealed record ClassNoiseRecorded(
    DateTimeOffset At, HardwareClass Class, string Source, ValueList<NoisePoint> Noise) : StudyEvent(At);

/// <summary>Nothing can be trained any more: the champions stand.</summary>
public sealed record StudyCompleted(DateTimeOffset At) : StudyEvent(At);

/// <summary>The study ended before its time; what was found stays.</summary>
public sealed record StudyCancelled(DateTimeOffset At, string Reason) : StudyEvent(At);

/// <summary>No trial starts or goes on until the study is resumed; those that run are asked to write a checkpoint and wait.</summary>
public sealed record StudyPaused(DateTimeOffset At, string Reason) : StudyEvent(At);

/// <summary>A paused study goes on.</summary>
public sealed record StudyResumed(DateTimeOffset At) : StudyEvent(At);

/// <summary>A person added a configuration: each hardware class proposes it next, beside the trials that the space asks for.</summary>
/// <param name="Configuration">Searched and fixed values, feasible in the study's space.</param>
public sealed record TrialEnqueued(DateTimeOffset At, Configuration Configuration) : StudyEvent(At);

/// <summary>
/// A failed trial runs once more, toward the rung that it failed on, or waits at the rung where it stood. The one event, beside
/// <see cref="StudyExtended"/>, that may follow a completed study: it is running again.
/// </summary>
public sealed record TrialRetried(DateTimeOffset At, TrialId Trial) : StudyEvent(At);

/// <summary>More trials are asked for than the space says. A completed study is running again.</summary>
/// <param name="Trials">How many are proposed per hardware class, those there are among them.</param>
public sealed record StudyExtended(DateTimeOffset At, int Trials) : StudyEvent(At);

/// <summary>
/// The study starts from what an earlier one found; before its first trial, once per source. What samplers take from elsewhere stands here,
/// so that replaying needs no other ledger.
/// </summary>
/// <param name="Source">The earlier study.</param>
/// <param name="Trials">Its best trials, the best first.</param>
public sealed record StudyWarmStarted(DateTimeOffset At, StudyId Source, ValueList<EarlierTrial> Trials) : StudyEvent(At);

/// <summary>
/// Nothing of a hardware class runs any more, and nothing that is left can reach its next rung before the study's time is over: the class
/// is finished.
/// </summary>
public sealed record TimeLimitReached(DateTimeOffset At, HardwareClass Class, string Reason) : StudyEvent(At);
