using System.Globalization;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// Maps a number in [0, 1) onto a parameter's values, so that every value (or equal stretch, on its scale) is equally likely.
/// </summary>
internal static class UnitMapping
{
    public static ParameterValue ToValue(Parameter parameter, double unit) => parameter switch
    {
        IntParameter p => ParameterValue.Of(ToInteger(p, unit)),
        FloatParameter p => ParameterValue.Of(ToReal(p, unit)),
        ChoiceParameter p => p.Values[Index(unit, p.Values.Length)],
        BoolParameter => ParameterValue.Of(unit >= 0.5),
        _ => throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "unknown kind of parameter"),
    };

    private static long ToInteger(IntParameter p, double unit)
    {
        var count = ((p.Maximum - p.Minimum) / p.Step) + 1;
        if (!p.LogScale)
            return p.Minimum + (p.Step * (long)Math.Min(count - 1, Math.Floor(unit * count)));
        // Half a step beyond both ends gives the ends their full share after rounding (as Optuna does).
        var half = p.Step / 2.0;
        var value = LogBetween(Math.Max(p.Minimum - half, p.Minimum / 2.0), p.Maximum + half, unit);
        var steps = Math.Clamp(Math.Round((value - p.Minimum) / p.Step), 0, count - 1);
        return p.Minimum + (p.Step * (long)steps);
    }

    private static double ToReal(FloatParameter p, double unit)
    {
        if (p.Step is { } step)
        {
            var count = (long)Math.Floor(((p.Maximum - p.Minimum) / step) + 1e-9) + 1;
            return Math.Min(p.Maximum, p.Minimum + (step * Index(unit, count)));
        }
        var value = p.LogScale ? LogBetween(p.Minimum, p.Maximum, unit) : p.Minimum + (unit * (p.Maximum - p.Minimum));
        return Math.Clamp(Shortened(value), p.Minimum, p.Maximum);
    }

    /// <summary>Six digits say all that matters, read well, and hide the last bits in which exp differs from machine to machine.</summary>
    private static double Shortened(double value) =>
        double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double LogBetween(double minimum, double maximum, double unit) =>
        Math.Exp(Math.Log(minimum) + (unit * (Math.Log(maximum) - Math.Log(minimum))));

    private static int Index(double unit, long count) => (int)Math.Min(count - 1, Math.Floor(unit * count));
}
