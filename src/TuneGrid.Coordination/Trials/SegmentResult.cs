using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Trials;

/// <summary>What a trial has to show at a rung.</summary>
/// <param name="BitsPerByte">The score: validation nats / ln 2 / bytes of validation text.</param>
/// <param name="Perplexity">e^(validation nats per token): comparable within one vocabulary only.</param>
/// <param name="Amount">How much of the budget was really spent, in its unit; at most one step past the rung.</param>
/// <param name="TrainingSeconds">Monotonic seconds of forward, backward and update since the trial began.</param>
/// <param name="Tokens">Tokens trained on since the trial began.</param>
/// <param name="Steps">Optimizer steps since the trial began.</param>
/// <param name="TokensPerSecond">Over this segment.</param>
/// <param name="Parameters">How many the model has.</param>
/// <param name="TrainingLoss">Smoothed training loss, nats per token.</param>
/// <param name="Checkpoint">Everything needed to go on.</param>
/// <param name="Model">The weights alone, with their tokenizer; only at the last rung.</param>
public sealed record SegmentResult(
    double BitsPerByte,
    double Perplexity,
    double Amount,
    double TrainingSeconds,
    long Tokens,
    long Steps,
    double TokensPerSecond,
    long Parameters,
    double TrainingLoss,
    ArtifactHash Checkpoint,
    ArtifactHash? Model)
{
    /// <summary>What was evaluated on the way, in ascending order of amount; null where nothing was.</summary>
    public ValueList<CurvePoint>? Curve { get; init; }

    /// <summary>Peak resident memory of the silo process, in bytes; 0 where unknown.</summary>
    public long PeakMemoryBytes { get; init; }

    /// <summary>Energy of this segment in joules where the machine's counters can be read, else null.</summary>
    public double? Joules { get; init; }

    /// <summary>True if the silo ran markedly below its own norm during the segment.</summary>
    public bool Disturbed { get; init; }

    /// <summary>
    /// The segment's speed as a share of what its silo makes of it at its norm, at most 1; null where the silo does not calibrate itself.
    /// </summary>
    public double? RelativeSpeed { get; init; }
}
