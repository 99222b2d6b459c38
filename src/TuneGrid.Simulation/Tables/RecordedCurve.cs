using TuneGrid.Coordination.Trials;

namespace TuneGrid.Simulation.Tables;

/// <summary>What a training showed, point by point.</summary>
/// <param name="Amounts">What had been spent at each point, in the task's unit (epochs), ascending.</param>
/// <param name="Seconds">The same in seconds since the training began, ascending.</param>
/// <param name="Scores">Lower is better; NaN from where it diverged.</param>
/// <param name="Truths">What the scores are worth: the mean over a configuration's repeats; the scores themselves where it has one.</param>
public sealed record RecordedCurve(double[] Amounts, double[] Seconds, double[] Scores, double[] Truths)
{
    /// <summary>What it is called where a score is NaN.</summary>
    public FailureKind Failure { get; init; } = FailureKind.Diverged;

    /// <summary>Returns the first point at or after this amount; the last one where there is none.</summary>
    public int PointAt(double amount)
    {
        var found = Array.BinarySearch(Amounts, amount);
        return Math.Min(found >= 0 ? found : ~found, Amounts.Length - 1);
    }
}
