using TuneGrid.Search.Numerics;
using TuneGrid.Search.Observations;

namespace TuneGrid.Search.Surrogates;

/// <summary>
/// Bounded power laws c + a t^-b through the points of one learning curve, with a not below 0 and b of a few fixed values from 0.15 to 2,
/// one of them the limit b = 0, a line over the logarithm of t: an ensemble, each weighted by how well it explains the points (Kadra et al.
/// 2023, arXiv:2302.00441, train networks to give a, b and c; few points and plain least squares will do here). What it says of its own
/// error is a guess until <see cref="PowerLawCalibration"/> has seen how such forecasts ended.
/// </summary>
public sealed class PowerLawFit
{
    // The last is the logarithm.
    private static readonly double[] Exponents = [0.15, 0.3, 0.5, 0.75, 1, 1.5, 2, 0];

    // A curve's noise is at least this share of its range: a perfect fit of three points is luck.
    private const double LeastNoise = 0.01;

    // Late points say more about what follows than early ones.
    private const double RecencyPower = 0.5;

    // Of the last point's distance from the law, as much is taken to last.
    private const double Anchor = 0.5;

    // How much of the improvement that is still expected is in doubt, as a share of it.
    private const double DropDoubt = 0.5;

    // Where there is one point alone, nothing is known of the shape.
    private const double SinglePointDoubt = 0.1;

    private readonly Member[] _members;
    private readonly CurvePoint _last;
    private readonly double _noise;

    /// <summary>Fits the points of one trial.</summary>
    /// <param name="curve">At least one, in ascending order of amount, amounts above 0, scores finite.</param>
    public PowerLawFit(IReadOnlyList<CurvePoint> curve)
    {
        _last = curve[^1];
        if (curve.Count == 1)
        {
            _members = [];
            return;
        }
        var weights = curve.Select(p => Elementary.Pow(p.Amount / _last.Amount, RecencyPower)).ToArray();
        _members = [.. Exponents.Select(b => Member.Of(b, curve, weights, _last))];
        var total = weights.Sum();
        var range = curve.Max(p => p.Score) - curve.Min(p => p.Score);
        var freedom = Math.Max(0.2, (curve.Count - 2.0) / curve.Count);
        _noise = Math.Max(_members.Min(m => m.SquaredError) / (total * freedom), Square(LeastNoise * range));
        if (_noise > 0)
            Weigh(_members.Min(m => m.SquaredError));
    }

    /// <summary>Returns what the score is expected to be at an amount beyond the last point, in the unit of the points.</summary>
    public CurveForecast At(double amount)
    {
        var least = 1e-9 * Math.Max(Math.Abs(_last.Score), 1e-9);
        if (_members.Length == 0)
            return new(_last.Score, Math.Max(SinglePointDoubt * Math.Abs(_last.Score), least));
        var doublings = Elementary.Log2(amount / _last.Amount);
        double mean = 0, square = 0, drop = 0;
        foreach (var member in _members)
        {
            var x = Abscissa(member.Exponent, amount / _last.Amount);
            // Relative to the last score, or rounding would eat the spread.
            var change = member.Level + (member.Slope * x) + (Anchor * member.LastError) - _last.Score;
            mean += member.Weight * change;
            square += member.Weight * change * change;
            drop += member.Weight * member.Slope * (Abscissa(member.Exponent, 1) - x);
        }
        var variance = Math.Max(0, square - (mean * mean)) + (_noise * (1 + Math.Max(0, doublings))) + Square(DropDoubt * drop);
        return new(_last.Score + mean, Math.Max(Math.Sqrt(variance), least));
    }

    private static double Square(double x) => x * x;

    /// <summary>What the score is linear in, 1 or 0 at the last point.</summary>
    private static double Abscissa(double exponent, double ratio) =>
        exponent > 0 ? Elementary.Pow(ratio, -exponent) : -Elementary.Log2(ratio);

    private void Weigh(double leastError)
    {
        var sum = 0.0;
        for (var i = 0; i < _members.Length; i++)
        {
            var likelihood = Elementary.Exp((leastError - _members[i].SquaredError) / (2 * _noise));
            _members[i] = _members[i] with { Weight = likelihood };
            sum += likelihood;
        }
        for (var i = 0; i < _members.Length; i++)
            _members[i] = _members[i] with { Weight = _members[i].Weight / sum };
    }

    /// <summary>One law: level + slope * abscissa.</summary>
    /// <param name="LastError">How far the last point lies above it.</param>
    /// <param name="SquaredError">Over all points, weighted.</param>
    /// <param name="Weight">Its share of the ensemble.</param>
    private readonly record struct Member(
        double Exponent, double Level, double Slope, double LastError, double SquaredError, double Weight)
    {
        public static Member Of(double exponent, IReadOnlyList<CurvePoint> curve, double[] weights, CurvePoint last)
        {
            double sum = 0, meanX = 0, meanY = 0;
            var xs = new double[curve.Count];
            for (var i = 0; i < xs.Length; i++)
            {
                xs[i] = Abscissa(exponent, curve[i].Amount / last.Amount);
                sum += weights[i];
                meanX += weights[i] * xs[i];
                meanY += weights[i] * curve[i].Score;
            }
            (meanX, meanY) = (meanX / sum, meanY / sum);
            double xx = 0, xy = 0;
            for (var i = 0; i < xs.Length; i++)
            {
                xx += weights[i] * Square(xs[i] - meanX);
                xy += weights[i] * (xs[i] - meanX) * (curve[i].Score - meanY);
            }
            var slope = xx > 0 ? Math.Max(0, xy / xx) : 0;
            var level = meanY - (slope * meanX);
            var error = 0.0;
            for (var i = 0; i < xs.Length; i++)
                error += weights[i] * Square(curve[i].Score - level - (slope * xs[i]));
            return new(exponent, level, slope, last.Score - level - (slope * xs[^1]), error, 1.0 / Exponents.Length);
        }
    }
}
