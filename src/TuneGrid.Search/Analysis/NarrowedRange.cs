using System.Globalization;
using TuneGrid.Search.Numerics;

namespace TuneGrid.Search.Analysis;

/// <summary>A part of a range, divided by a factor on its scale, with a value in its middle as far as the old bounds let it.</summary>
internal static class NarrowedRange
{
    /// <summary>Returns the bounds of a continuous range, six digits each.</summary>
    public static (double Low, double High) Of(double minimum, double maximum, bool isLog, double center, double factor)
    {
        var (low, high) = isLog
            ? On(Elementary.Log(minimum), Elementary.Log(maximum), Elementary.Log(Math.Clamp(center, minimum, maximum)), factor)
            : On(minimum, maximum, Math.Clamp(center, minimum, maximum), factor);
        return isLog ? (Short(Elementary.Exp(low)), Short(Elementary.Exp(high))) : (Short(low), Short(high));

        double Short(double value) => Math.Clamp(
            double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), minimum, maximum);
    }

    /// <summary>Returns the first and last of the steps that stay, counted from 0; a neighbour on each side where there is one.</summary>
    public static (long First, long Last) OfSteps(double minimum, double maximum, double step, bool isLog, double center, double factor)
    {
        var steps = (long)Math.Round((maximum - minimum) / step);
        var at = (long)Math.Clamp(Math.Round((center - minimum) / step), 0, steps);
        if (isLog)
        {
            var (low, high) = Of(minimum, maximum, true, minimum + (at * step), factor);
            var (first, last) = ((long)Math.Round((low - minimum) / step), (long)Math.Round((high - minimum) / step));
            return (Math.Clamp(Math.Min(first, at - 1), 0, steps), Math.Clamp(Math.Max(last, at + 1), 0, steps));
        }
        var width = Math.Min(steps, Math.Max(2, (long)Math.Round(steps / factor)));
        var start = Math.Clamp(at - (width / 2), 0, steps - width);
        return (start, start + width);
    }

    private static (double Low, double High) On(double minimum, double maximum, double center, double factor)
    {
        var width = (maximum - minimum) / factor;
        var low = Math.Clamp(center - (width / 2), minimum, Math.Max(minimum, maximum - width));
        return (low, low + width);
    }
}
