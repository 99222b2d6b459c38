namespace TuneGrid.Simulation.Tables;

/// <summary>How far the best answer is from the best there is, in units of the task; null while there is none.</summary>
/// <param name="Any">Of the best score seen at any point.</param>
/// <param name="Full">Of the best score of a full training.</param>
public sealed record Regret(double? Any, double? Full);

/// <summary>Keeps the best answers by a few deadlines. What looked best counts as what it is worth.</summary>
internal sealed class RegretLog(RegretScale scale, IReadOnlyList<double> deadlines) : IReplayLog
{
    private readonly Answer?[] _any = new Answer?[deadlines.Count];
    private readonly Answer?[] _full = new Answer?[deadlines.Count];

    public void Scored(double at, double score, double truth, bool isFull)
    {
        if (double.IsNaN(score))
            return;
        for (var i = 0; i < deadlines.Count; i++)
        {
            if (at > deadlines[i])
                continue;
            var answer = new Answer(score, truth);
            _any[i] = Better(_any[i], answer);
            if (isFull)
                _full[i] = Better(_full[i], answer);
        }
    }

    /// <summary>Returns the regret at a deadline.</summary>
    public Regret At(int deadline) => new(
        (_any[deadline]?.Truth - scale.BestAny) / scale.Unit, (_full[deadline]?.Truth - scale.BestFull) / scale.Unit);

    private static Answer Better(Answer? best, Answer next) =>
        best is { } b && (b.Score < next.Score || (b.Score.Equals(next.Score) && b.Truth <= next.Truth)) ? b : next;

    private readonly record struct Answer(double Score, double Truth);
}
