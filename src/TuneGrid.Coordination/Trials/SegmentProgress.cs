using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Trials;

/// <summary>How far a running segment is.</summary>
/// <param name="Amount">Spent so far since the trial began, in budget units.</param>
/// <param name="Budget">The whole budget, in budget units.</param>
/// <param name="TrainingSeconds">Monotonic seconds of training since the trial began.</param>
/// <param name="Tokens">Tokens trained on since the trial began.</param>
/// <param name="TokensPerSecond">Since the silo created or resumed its trainer.</param>
/// <param name="Loss">Smoothed training loss, nats per token; NaN before the first step.</param>
public sealed record SegmentProgress(
    double Amount, double Budget, double TrainingSeconds, long Tokens, double TokensPerSecond, double Loss)
{
    /// <summary>
    /// What was evaluated in this segment so far, in ascending order of amount, on a slice of the held-out text; null while nothing was.
    /// </summary>
    public ValueList<CurvePoint>? Curve { get; init; }
}
