using System.Globalization;
using TuneGrid.Cli.Terminal;

namespace TuneGrid.Cli.Input;

/// <summary>Sizes as people write them: 800M, 4GiB, 4e9.</summary>
internal static class ByteSize
{
    private static readonly (string Suffix, double Factor)[] Units =
    [
        ("KiB", 1024), ("MiB", 1048576), ("GiB", 1073741824), ("TiB", 1099511627776), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12),
        ("K", 1024), ("M", 1048576), ("G", 1073741824), ("T", 1099511627776), ("B", 1), ("", 1),
    ];

    /// <exception cref="UsageException">No size.</exception>
    public static long Parse(string name, string text)
    {
        var (suffix, factor) = Units.First(u => text.EndsWith(u.Suffix, StringComparison.OrdinalIgnoreCase));
        return double.TryParse(text[..^suffix.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number * factor < long.MaxValue
            ? (long)(number * factor)
            : throw new UsageException($"{name} is '{text}'; expected a size such as 800MiB or 4GiB");
    }
}
