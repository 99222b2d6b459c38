using System.Globalization;
using System.Text;

namespace TuneGrid.Search.Reading;

/// <summary>Lengths of time as people write them: <c>90s</c>, <c>10m</c>, <c>2h</c>, <c>1h30m</c>, <c>1.5h</c>.</summary>
public static class Durations
{
    /// <summary>What to write.</summary>
    public const string Expected = "a length of time such as 90s, 10m, 2h or 1h30m";

    // A study longer than that is a slip of the hand; and it stays far within what a date can hold.
    private const int MostDays = 3650;

    private static readonly (char Unit, int Seconds)[] Units = [('d', 86400), ('h', 3600), ('m', 60), ('s', 1)];

    /// <summary>Returns the length, in whole seconds; null if the text is none, or less than a second or more than ten years.</summary>
    public static TimeSpan? Parse(string text)
    {
        var (total, unit, at) = (0m, 0, 0);
        while (at < text.Length)
        {
            var digits = text.AsSpan(at).IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || digits > 12 || !decimal.TryParse(
                text.AsSpan(at, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }
            // Larger units come first, each once.
            unit = Array.FindIndex(Units, unit, u => u.Unit == text[at + digits]) + 1;
            if (unit == 0)
                return null;
            total += number * Units[unit - 1].Seconds;
            at += digits + 1;
        }
        return total >= 1 && total <= MostDays * 86400m ? TimeSpan.FromSeconds((double)decimal.Round(total)) : null;
    }

    /// <summary>Returns the text that reads back as the same, such as <c>1h30m</c>.</summary>
    /// <param name="length">In whole seconds, at least one.</param>
    public static string Text(TimeSpan length)
    {
        var (text, left) = (new StringBuilder(), (long)length.TotalSeconds);
        foreach (var (unit, seconds) in Units)
        {
            if (left >= seconds)
                text.Append(CultureInfo.InvariantCulture, $"{left / seconds}{unit}");
            left %= seconds;
        }
        return text.ToString();
    }
}
