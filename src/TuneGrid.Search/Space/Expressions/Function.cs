using TuneGrid.Search.Numerics;

namespace TuneGrid.Search.Space.Expressions;

/// <summary>A function constraints may call: numbers in, one number out.</summary>
/// <param name="MaxArguments">-1 for any number from <paramref name="MinArguments"/> up.</param>
internal sealed record Function(string Name, int MinArguments, int MaxArguments, Func<double[], double> Apply)
{
    public static IReadOnlyList<Function> All { get; } =
    [
        new("min", 1, -1, values => values.Min()),
        new("max", 1, -1, values => values.Max()),
        new("abs", 1, 1, values => Math.Abs(values[0])),
        new("log2", 1, 1, values => Elementary.Log2(values[0])),
        new("floor", 1, 1, values => Math.Floor(values[0])),
        new("ceil", 1, 1, values => Math.Ceiling(values[0])),
    ];
}
