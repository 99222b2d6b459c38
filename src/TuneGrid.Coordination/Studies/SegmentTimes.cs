using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>
/// How long a class's segments took by the store's clock, from lease to report: training, evaluation, checkpoints and all. A fold over the
/// times in the ledger.
/// </summary>
internal sealed class SegmentTimes
{
    private int _count;
    private double _amount;
    private double _seconds;

    public bool IsEmpty => _count == 0;

    /// <summary>A segment reached its rung.</summary>
    /// <param name="amount">What it spent, in budget units.</param>
    /// <param name="seconds">From lease to report.</param>
    public void Add(double amount, double seconds)
    {
        _count++;
        _amount += amount;
        _seconds += Math.Max(0, seconds);
    }

    /// <summary>
    /// Returns the seconds that a segment of this amount will take. A budget in seconds says so itself, and what comes on top is about the
    /// same for each segment; of other budgets nothing is known before the first segment, and then 0 is returned.
    /// </summary>
    public double Estimate(BudgetKind kind, double amount)
    {
        if (kind == BudgetKind.Seconds)
            return amount + (_count > 0 ? Math.Max(0, _seconds - _amount) / _count : 0);
        return _amount > 0 ? amount * (_seconds / _amount) : 0;
    }
}
