using TuneGrid.Search.Space;

namespace TuneGrid.Silo.Segments;

/// <summary>
/// Where a trial is evaluated between its rungs, and over how much text: the same for every trial of a study, since both follow from the
/// budget alone.
/// </summary>
public static class CurveEvaluation
{
    /// <summary>
    /// Most of a segment's training seconds that its evaluations may cost: what would cost more is skipped, mostly the first ones.
    /// </summary>
    public const double MostOfTraining = 0.03;

    private const int Halvings = 8;
    private const int PerHalving = 2;
    private const long FewestTokens = 2_048, MostTokens = 16_384;

    /// <summary>Tokens of the slice per second of the budget: 8,192 for five minutes.</summary>
    private const double TokensPerSecond = 8_192 / 300.0;

    /// <summary>The slice of a budget in tokens is this share of it.</summary>
    private const double ShareOfTokens = 1 / 2_048.0;

    /// <summary>
    /// Returns the amounts in ascending order, in budget units: the budget divided by every power of the square root of two down to a
    /// 256th of it, the budget itself left out.
    /// </summary>
    public static IReadOnlyList<double> Amounts(double budget) =>
        [.. Enumerable.Range(1, Halvings * PerHalving).Reverse().Select(i => budget / Math.Pow(2, (double)i / PerHalving))];

    /// <summary>
    /// Returns over how many tokens of the held-out text a point is taken: whole documents at an even stride, the same ones every time, so
    /// that the points of one trial, and of two, differ by less than the slice does from the text.
    /// </summary>
    public static long SliceTokens(Budget budget) => budget.Kind switch
    {
        BudgetKind.Seconds => Clamped(budget.Amount * TokensPerSecond),
        BudgetKind.Tokens => Clamped(budget.Amount * ShareOfTokens),
        _ => FewestTokens,
    };

    private static long Clamped(double tokens) => (long)Math.Clamp(tokens, FewestTokens, MostTokens);
}
