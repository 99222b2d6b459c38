using System.Globalization;
using TuneGrid.Search.Numerics;
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

    /// <summary>
    /// Returns the middle of the numbers that map onto a value, which may lie beyond the parameter's range: then 0 or 1. Not for choices.
    /// </summary>
    public static double ToUnit(Parameter parameter, ParameterValue value) => parameter switch
    {
        IntParameter p => OfInteger(p, value.Number),
        FloatParameter p => OfReal(p, value.Number),
        BoolParameter => value.Number,
        _ => throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "not a number"),
    };

    /// <summary>Returns how many values a parameter has; 0 for a continuous one.</summary>
    public static long Count(Parameter parameter) => parameter switch
    {
        IntParameter p => CountOf(p),
        FloatParameter { Step: null } p => p.Minimum < p.Maximum ? 0 : 1,
        FloatParameter p => CountOf(p, p.Step.Value),
        ChoiceParameter p => p.Values.Length,
        _ => 2,
    };

    private static long CountOf(IntParameter p) => ((p.Maximum - p.Minimum) / p.Step) + 1;

    private static long CountOf(FloatParameter p, double step) => (long)Math.Floor(((p.Maximum - p.Minimum) / step) + 1e-9) + 1;

    private static double OfInteger(IntParameter p, double value)
    {
        if (!p.LogScale)
            return MiddleOf(Math.Round((value - p.Minimum) / p.Step), CountOf(p));
        var (least, most) = Ends(p);
        var half = p.Step / 2.0;
        return (OfLog(least, most, Math.Max(least, value - half)) + OfLog(least, most, Math.Min(most, value + half))) / 2;
    }

    private static double OfReal(FloatParameter p, double value)
    {
        if (p.Step is { } step)
            return MiddleOf(Math.Round((value - p.Minimum) / step), CountOf(p, step));
        if (p.LogScale)
            return OfLog(p.Minimum, p.Maximum, value);
        return p.Minimum < p.Maximum ? Math.Clamp((value - p.Minimum) / (p.Maximum - p.Minimum), 0, 1) : 0.5;
    }

    private static double MiddleOf(double index, long count) => (Math.Clamp(index, 0, count - 1) + 0.5) / count;

    private static double OfLog(double least, double most, double value)
    {
        if (!(least < most))
            return 0.5;
        var first = Elementary.Log(least);
        return (Elementary.Log(Math.Clamp(value, least, most)) - first) / (Elementary.Log(most) - first);
    }

    /// <summary>Half a step beyond both ends gives the ends their full share after rounding (as Optuna does).</summary>
    private static (double Least, double Most) Ends(IntParameter p) =>
        (Math.Max(p.Minimum - (p.Step / 2.0), p.Minimum / 2.0), p.Maximum + (p.Step / 2.0));

    private static long ToInteger(IntParameter p, double unit)
    {
        var count = CountOf(p);
        if (!p.LogScale)
            return p.Minimum + (p.Step * (long)Math.Min(count - 1, Math.Floor(unit * count)));
        var (least, most) = Ends(p);
        var value = LogBetween(least, most, unit);
        var steps = Math.Clamp(Math.Round((value - p.Minimum) / p.Step), 0, count - 1);
        return p.Minimum + (p.Step * (long)steps);
    }

    private static double ToReal(FloatParameter p, double unit)
    {
        if (p.Step is { } step)
            return Math.Min(p.Maximum, p.Minimum + (step * Index(unit, CountOf(p, step))));
        var value = p.LogScale ? LogBetween(p.Minimum, p.Maximum, unit) : p.Minimum + (unit * (p.Maximum - p.Minimum));
        return Math.Clamp(Shortened(value), p.Minimum, p.Maximum);
    }

    /// <summary>Six digits say all that matters and read well.</summary>
    private static double Shortened(double value) =>
        double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double LogBetween(double minimum, double maximum, double unit) =>
        Elementary.Exp(Elementary.Log(minimum) + (unit * (Elementary.Log(maximum) - Elementary.Log(minimum))));

    private static int Index(double unit, long count) => (int)Math.Min(count - 1, Math.Floor(unit * count));
}
