using System.Text.Json.Serialization;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Trials;

/// <summary>One segment to train: a trial from where it stands to a rung.</summary>
/// <param name="Budget">The whole budget: the learning-rate schedule follows amount / budget.</param>
/// <param name="ToAmount">Where to stop: the first step boundary at or after it.</param>
/// <param name="IsLast">The rung is the whole budget: also write the model.</param>
/// <param name="Checkpoint">Where to go on from; null starts from seed.</param>
/// <param name="Trace">W3C traceparent to hang the segment's span under, or null.</param>
public sealed record SegmentOrder(
    StudyId Study, TrialId Trial, int Segment, Configuration Configuration, ulong Seed, CorpusReference Corpus,
    Budget Budget, double ToAmount, bool IsLast, ArtifactHash? Checkpoint, string? Trace);

/// <param name="Amount">Spent so far since the trial began, in budget units.</param>
public sealed record SegmentProgress(double Amount, double Budget, double TrainingSeconds, long Tokens, double TokensPerSecond, double Loss);

/// <summary>How a segment ended.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "outcome")]
[JsonDerivedType(typeof(Reached), "reached")]
[JsonDerivedType(typeof(Stopped), "stopped")]
[JsonDerivedType(typeof(Failed), "failed")]
public abstract record SegmentOutcome
{
    private SegmentOutcome() { }

    public sealed record Reached(SegmentResult Result) : SegmentOutcome;

    /// <summary>It was asked to stop before the rung. Checkpoint is null if nothing was trained yet.</summary>
    public sealed record Stopped(double Amount, ArtifactHash? Checkpoint) : SegmentOutcome;

    public sealed record Failed(FailureKind Kind, string Reason) : SegmentOutcome;
}

/// <summary>Follows a segment while it is trained. Called by the runner, one call at a time.</summary>
public interface ISegmentMonitor : IProgress<SegmentProgress>
{
    /// <summary>Everything is ready; the first step follows at once.</summary>
    ValueTask TrainingBeginsAsync();

    /// <summary>The last step is done; checkpoint and score follow.</summary>
    ValueTask TrainingEndsAsync();
}

/// <summary>Trains one segment at a time on this machine.</summary>
public interface ISegmentRunner
{
    /// <summary>Whether this machine has the corpus.</summary>
    bool CanRun(CorpusReference corpus);

    /// <summary>
    /// Runs the segment. Progress is reported at least every second. <paramref name="stop"/> asks for a checkpoint at the next step boundary (within two
    /// seconds); <paramref name="abandon"/> drops everything at once (the fence is gone). Never throws for what a configuration does wrong: that is
    /// <see cref="SegmentOutcome.Failed"/>. Throws <see cref="ArtifactDamagedException"/> when the checkpoint can't be used.
    /// </summary>
    Task<SegmentOutcome> RunAsync(SegmentOrder order, ISegmentMonitor monitor, CancellationToken stop, CancellationToken abandon);
}
