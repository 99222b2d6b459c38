using System.Collections.Immutable;
using TuneGrid.Search.Space;

namespace TuneGrid.Simulation.Tables;

/// <summary>The box that a table's rows span, and the way from a configuration to its point in the unit cube.</summary>
internal sealed class UnitBox
{
    /// <summary>From this ratio on, two decades, a parameter is searched on a logarithmic scale.</summary>
    private const double LogRatio = 100;

    private readonly IReadOnlyList<Side> _sides;

    public UnitBox(IReadOnlyList<string> names, IReadOnlyList<double[]> rows)
    {
        _sides = [.. names.Select((name, column) => SideOf(name, [.. rows.Select(r => r[column])]))];
        Parameters = [.. _sides.Where(s => s.IsSearched).Select(s => new FloatParameter(s.Name, s.Low, s.High, null, s.IsLog, null))];
        Constants = _sides.Where(s => !s.IsSearched).Aggregate(
            Search.Space.Configuration.Empty, (all, s) => all.With(s.Name, ParameterValue.Of(s.Low)));
        Units = [.. rows.Select(r => _sides.Select((s, column) => s.Unit(r[column])).ToArray())];
    }

    /// <summary>Columns with more than one value.</summary>
    public ImmutableArray<Parameter> Parameters { get; }

    /// <summary>Columns with one value only.</summary>
    public Configuration Constants { get; }

    /// <summary>Each row's point in the unit cube.</summary>
    public double[][] Units { get; }

    /// <summary>Returns the searched values of a row, then the constant ones.</summary>
    public Configuration Configuration(double[] row) => new([
        .. _sides.Select((s, column) => (s, row[column])).OrderBy(c => c.s.IsSearched ? 0 : 1)
            .Select(c => KeyValuePair.Create(c.s.Name, ParameterValue.Of(c.Item2))),
    ]);

    /// <summary>Returns the configuration's point in the unit cube.</summary>
    public double[] Unit(Configuration configuration) =>
        [.. _sides.Select(s => s.Unit(configuration[s.Name].Number))];

    public static double SquaredDistance(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    private static Side SideOf(string name, double[] values)
    {
        var (low, high) = (values.Min(), values.Max());
        return new(name, low, high, low > 0 && high / low >= LogRatio);
    }

    private sealed record Side(string Name, double Low, double High, bool IsLog)
    {
        public bool IsSearched => High > Low;

        public double Unit(double value) =>
            IsLog ? Math.Log(value / Low) / Math.Log(High / Low)
            : IsSearched ? (value - Low) / (High - Low)
            : value - Low;
    }
}
