using TuneGrid.Search.Numerics;
using TuneGrid.Search.Observations;

namespace TuneGrid.Search.Analysis;

/// <summary>Reads a curve between its points.</summary>
internal static class CurveReading
{
    /// <summary>Returns the value at an amount, straight over the logarithm of amounts; null where the curve does not reach.</summary>
    /// <param name="curve">In ascending order of amount.</param>
    public static double? At(IReadOnlyList<CurvePoint> curve, double amount)
    {
        for (var i = 0; i < curve.Count && curve[i].Amount <= amount; i++)
        {
            if (curve[i].Amount.Equals(amount))
                return curve[i].Score;
            if (i + 1 == curve.Count || curve[i + 1].Amount <= amount)
                continue;
            var (from, to) = (curve[i], curve[i + 1]);
            var share = from.Amount > 0
                ? (Elementary.Log(amount) - Elementary.Log(from.Amount)) / (Elementary.Log(to.Amount) - Elementary.Log(from.Amount))
                : amount / to.Amount;
            return from.Score + (share * (to.Score - from.Score));
        }
        return null;
    }
}
