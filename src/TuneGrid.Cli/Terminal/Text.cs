using System.Globalization;
using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Terminal;

/// <summary>Numbers as people read them. The same everywhere, whatever the locale.</summary>
internal static class Text
{
    public static string Score(double bitsPerByte) =>
        double.IsFinite(bitsPerByte) ? bitsPerByte.ToString("0.0000", CultureInfo.InvariantCulture) : "-";

    public static string Percent(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);

    /// <summary>950, 12.3k, 4.56M, 1.20G: three digits.</summary>
    public static string Count(double count)
    {
        var (value, unit) = Math.Abs(count) switch
        {
            >= 999_500_000 => (count / 1e9, "G"),
            >= 999_500 => (count / 1e6, "M"),
            >= 999.5 => (count / 1e3, "k"),
            _ => (count, ""),
        };
        var format = unit.Length == 0 || Math.Abs(value) >= 99.95 ? "0" : Math.Abs(value) >= 9.995 ? "0.0" : "0.00";
        return value.ToString(format, CultureInfo.InvariantCulture) + unit;
    }

    /// <summary>How much of a budget: 12 s, 1.20k steps.</summary>
    public static string Amount(double amount, BudgetKind? unit) =>
        unit is null or BudgetKind.Seconds ? Duration(amount) : $"{Count(amount)} {unit.Value.ToString().ToLowerInvariant()}";

    public static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
    };

    /// <summary>0.4 s, 12 s, 4:05, 1:02:03.</summary>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0)
            return "-";
        if (seconds < 59.5)
            return seconds.ToString(seconds < 9.95 ? "0.#" : "0", CultureInfo.InvariantCulture) + " s";
        // No TimeSpan: what is left of a huge budget at a small pace is more than one can hold.
        var whole = (long)Math.Min(Math.Round(seconds), 1e18);
        var (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
        return hours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{hours}:{minutes:00}:{rest:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes}:{rest:00}");
    }

    /// <summary>How long ago, coarsely: "3 min ago".</summary>
    public static string Ago(TimeSpan time) => time.TotalSeconds switch
    {
        < 2 => "now",
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s ago"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min ago"),
        < 172800 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} h ago"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0} days ago"),
    };

    /// <summary>The first characters, with an ellipsis if something was cut.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        return length < 2 ? text[..Math.Max(0, length)] : text[..(length - 1)] + "…";
    }
}
