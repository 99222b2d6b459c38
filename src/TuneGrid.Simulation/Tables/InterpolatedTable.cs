using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;

namespace TuneGrid.Simulation.Tables;

/// <summary>
/// A table between its rows too: a suggestion is trained as it is, and shows the mean of the nearest rows' curves, each weighted by its
/// distance to the power of -4. Where rows of more than half of the weight have diverged, it has. A row's own values show its own curve.
/// </summary>
public sealed class InterpolatedTable : ISimulatedTask
{
    private const int MostNeighbours = 8;
    private readonly CurveTable _table;

    /// <exception cref="TableFormatException">Its trainings are not scored at the same points.</exception>
    public InterpolatedTable(CurveTable table)
    {
        if (table.Curves.Any(row => row.Any(c => !c.Amounts.AsSpan().SequenceEqual(table.Curves[0][0].Amounts))))
            throw new TableFormatException($"'{table.Name}' can't be interpolated: its trainings are scored at different epochs");
        _table = table;
    }

    /// <inheritdoc/>
    public string Name => _table.Name;

    /// <inheritdoc/>
    public SearchSpace Space => _table.Space;

    /// <inheritdoc/>
    public IParameterCatalog Catalog => _table.Catalog;

    /// <inheritdoc/>
    public IReadOnlyList<double> Amounts => _table.Amounts;

    /// <inheritdoc/>
    public double MeanSeconds => _table.MeanSeconds;

    /// <inheritdoc/>
    public RegretScale Scale => _table.Scale;

    /// <inheritdoc/>
    public ISampler Adapt(ISampler sampler) => sampler;

    /// <inheritdoc/>
    public RecordedCurve Train(Configuration configuration, int trial, int repeat = 0)
    {
        var point = _table.Box.Unit(configuration);
        var neighbours = _table.Box.Units.Select((unit, row) => (Row: row, Distance: UnitBox.SquaredDistance(unit, point)))
            .OrderBy(n => n.Distance).Take(MostNeighbours).ToList();
        var curves = neighbours.ConvertAll(n => _table.Curves[n.Row][(trial + repeat) % _table.Curves[n.Row].Length]);
        if (neighbours[0].Distance <= 0)
            return curves[0];
        var weights = neighbours.Select(n => 1 / (n.Distance * n.Distance)).ToArray();
        return new(
            curves[0].Amounts, Mean(curves.ConvertAll(c => c.Seconds), weights), Mean(curves.ConvertAll(c => c.Scores), weights),
            Mean(curves.ConvertAll(c => c.Truths), weights));
    }

    private static double[] Mean(List<double[]> values, double[] weights)
    {
        var means = new double[values[0].Length];
        for (var point = 0; point < means.Length; point++)
        {
            var (sum, known, all) = (0.0, 0.0, 0.0);
            for (var i = 0; i < weights.Length; i++)
            {
                all += weights[i];
                if (double.IsNaN(values[i][point]))
                    continue;
                sum += weights[i] * values[i][point];
                known += weights[i];
            }
            means[point] = known >= all / 2 ? sum / known : double.NaN;
        }
        return means;
    }
}
