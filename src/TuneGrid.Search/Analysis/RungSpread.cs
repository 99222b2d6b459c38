using TuneGrid.Search.Observations;

namespace TuneGrid.Search.Analysis;

/// <summary>
/// How far configurations lie apart at each rung. Only at the first does one see all of them; further up the same trials are compared with
/// themselves at the first, so that who was let through does not matter.
/// </summary>
/// <param name="trials">Nobody's repeats.</param>
/// <param name="first">The amount of the lowest rung.</param>
internal sealed class RungSpread(IReadOnlyList<Observation> trials, double first)
{
    private const int Fewest = 3;
    private readonly double _atFirst = BetterSide([.. trials.Select(t => At(t, first)).OfType<double>()]);
    private double _ratio = 1;

    /// <summary>Returns the spread at this amount; to be asked in ascending order. 0 where too few trials say anything.</summary>
    public double Next(double amount)
    {
        var both = trials.Where(t => At(t, amount) is not null && At(t, first) is not null).ToList();
        var before = Deviation(both.Select(t => At(t, first)!.Value));
        if (both.Count >= Fewest && before > 0)
            _ratio = Math.Min(1, Deviation(both.Select(t => At(t, amount)!.Value)) / before);
        return _ratio * _atFirst;
    }

    private static double? At(Observation trial, double amount)
    {
        foreach (var rung in trial.Rungs)
        {
            if (rung.Amount.Equals(amount))
                return rung.Score;
        }
        return null;
    }

    /// <summary>What the worst configurations show is of no interest: there the scores have no end.</summary>
    private static double BetterSide(double[] scores)
    {
        if (scores.Length < Fewest)
            return 0;
        Array.Sort(scores);
        var median = scores[scores.Length / 2];
        var better = scores.Take((scores.Length / 2) + 1).ToList();
        return Math.Sqrt(better.Sum(s => (s - median) * (s - median)) / better.Count);
    }

    private static double Deviation(IEnumerable<double> scores)
    {
        var all = scores.ToList();
        return all.Count > 1 && PooledSpread.Of([all]) is { } spread ? spread.Deviation : 0;
    }
}
