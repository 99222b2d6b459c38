using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>
/// What no sound silo reports. A report that breaks a bound counts nowhere: it comes from a stranger, or from a silo whose memory or
/// program is broken, and one such score would be champion for ever.
/// </summary>
internal static class Plausibility
{
    /// <summary>
    /// Below this no text holds anything to learn: xz needs 2 bits per byte for TinyStories and 1 for the storybook, the best models about
    /// 0.4, and a hundred copies of one page still hold more than 0.01. There is no bound above: a bad score wins nothing, and a model that
    /// is about to diverge may have any.
    /// </summary>
    public const double LeastBitsPerByte = 0.01;

    // Several times what a silo evaluates: each stands in the ledger for ever.
    private const int MostPoints = 128;

    // What one step may cost at most, beside the whole budget: the largest model on the slowest machine, swapping, still does one a minute.
    private const double StepSeconds = 60, StepJoules = 60 * 500, StepTokens = 1 << 20;

    /// <summary>Returns what is wrong with an outcome, for people; null if it may be true.</summary>
    /// <param name="missing">An artifact of it that is not in the artifact store, or null.</param>
    public static string? Objection(StudyState state, Segment segment, SegmentOutcome outcome, ArtifactHash? missing)
    {
        if (missing is { } hash)
            return $"its artifact {hash} is not in the artifact store";
        if ((outcome is SegmentOutcome.Reached { Result.Curve: var within } ? within : outcome.Curve) is { } curve && !IsCurve(curve))
            return "its curve is not one: too many points, or one that is no number";
        return outcome switch
        {
            SegmentOutcome.Reached { Result.Amount: var amount } when !(amount >= segment.ToAmount) || IsTooMuch(state, segment, amount) =>
                Amount(state, segment, amount),
            SegmentOutcome.Reached { Result.BitsPerByte: <= LeastBitsPerByte and var score } when double.IsFinite(score) =>
                FormattableString.Invariant($"no model can have {score:G4} bits per byte"),
            SegmentOutcome.Stopped { Checkpoint: not null, Amount: var amount }
                when !(amount >= segment.FromAmount) || IsTooMuch(state, segment, amount) => Amount(state, segment, amount),
            _ => null,
        };
    }

    private static bool IsCurve(ValueList<CurvePoint> curve) => curve.Count <= MostPoints
        && curve.All(p => double.IsFinite(p.Amount) && p.Score > LeastBitsPerByte && double.IsFinite(p.Score));

    /// <summary>A segment ends at the first step boundary at or after its rung; one that was stopped at its score begins there.</summary>
    private static bool IsTooMuch(StudyState state, Segment segment, double amount) =>
        !(amount <= Math.Max(segment.FromAmount, segment.ToAmount) + LongestStep(state.Space.Budget));

    private static double LongestStep(Budget budget) => budget.Kind switch
    {
        BudgetKind.Steps => 1,
        BudgetKind.Tokens => Math.Max(StepTokens, budget.Amount),
        BudgetKind.Joules => Math.Max(StepJoules, budget.Amount),
        _ => Math.Max(StepSeconds, budget.Amount),
    };

    private static string Amount(StudyState state, Segment segment, double amount) => FormattableString.Invariant(
        $"a segment from {segment.FromAmount:G6} to {segment.ToAmount:G6} {state.Space.Budget.Kind} can't end at {amount:G6}");
}
