using System.Collections.Immutable;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;

namespace TuneGrid.Simulation.Tables;

/// <summary>One evaluation of a recorded training.</summary>
/// <param name="Amount">Epochs spent; from steps that count from 0, one more.</param>
/// <param name="Seconds">Since the training began.</param>
/// <param name="Score">Lower is better; NaN where it had diverged.</param>
public readonly record struct TablePoint(double Amount, double Seconds, double Score);

/// <summary>A recorded configuration.</summary>
/// <param name="Values">Of its hyperparameters, in the table's order.</param>
/// <param name="Repeats">At least one training of it.</param>
public sealed record TableRow(double[] Values, List<List<TablePoint>> Repeats);

/// <summary>
/// Recorded learning curves as a task. The hyperparameters are searched in the box of the rows, on a logarithmic scale where their values
/// span two decades.
/// </summary>
public sealed class CurveTable : ISimulatedTask
{
    /// <summary>No score may be as low as what only a broken silo reports; order and differences stay as they are.</summary>
    private const double LeastScore = 0.05;

    private readonly Configuration[] _configurations;
    private readonly Dictionary<Configuration, int> _rows = new(ReferenceEqualityComparer.Instance);

    /// <param name="averagesRepeats">
    /// A training of several repeats is their mean; else trial k sees repeat k mod their number, and what it shows is worth their mean.
    /// </param>
    internal CurveTable(string name, IReadOnlyList<string> parameters, IReadOnlyList<TableRow> rows, bool averagesRepeats)
    {
        Name = name;
        Box = new(parameters, [.. rows.Select(r => r.Values)]);
        Curves = CurvesOf(rows, averagesRepeats);
        Amounts = Curves.SelectMany(c => c).MaxBy(c => c.Amounts.Length)!.Amounts;
        Space = new(
            name, "", new("bits_per_byte", Goal.Minimize), new(BudgetKind.Steps, Amounts[^1]), new(SchedulerType.Random, 3, 1),
            new(SamplerType.Random), 1, 0, Box.Parameters, Box.Constants, []);
        _configurations = [.. rows.Select(r => Box.Configuration(r.Values))];
        Catalog = new PlainCatalog(Box.Parameters, _configurations[0]);
        for (var row = 0; row < _configurations.Length; row++)
            _rows.Add(_configurations[row], row);
        MeanSeconds = Curves.Sum(r => r.Sum(c => c.Seconds[^1])) / Curves.Sum(r => r.Length);
        Scale = ScaleOf([.. Curves.Select(r => r[0].Truths)]);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SearchSpace Space { get; }

    /// <inheritdoc/>
    public IParameterCatalog Catalog { get; }

    /// <inheritdoc/>
    public IReadOnlyList<double> Amounts { get; }

    /// <inheritdoc/>
    public double MeanSeconds { get; }

    /// <inheritdoc/>
    public RegretScale Scale { get; }

    /// <inheritdoc/>
    public ISampler Adapt(ISampler sampler) => new RowSampler(sampler, Box, _configurations);

    /// <inheritdoc/>
    public RecordedCurve Train(Configuration configuration, int trial, int repeat = 0)
    {
        var repeats = Curves[_rows[configuration]];
        return repeats[(trial + repeat) % repeats.Length];
    }

    internal UnitBox Box { get; }

    /// <summary>Of each row, one for each repeat.</summary>
    internal RecordedCurve[][] Curves { get; }

    internal Configuration ConfigurationOf(int row) => _configurations[row];

    private static RecordedCurve[][] CurvesOf(IReadOnlyList<TableRow> rows, bool averages)
    {
        var points = rows.SelectMany(r => r.Repeats).MaxBy(c => c.Count)!.Select(p => p.Amount).ToArray();
        var least = rows.SelectMany(r => r.Repeats).SelectMany(c => c).Min(p => double.IsNaN(p.Score) ? double.PositiveInfinity : p.Score);
        var shift = least < LeastScore ? LeastScore - least : 0;
        return [.. rows.Select(row => Whole(RepeatsOf(row, points, shift), averages))];
    }

    /// <summary>All at the same points, those of the one that has most.</summary>
    private static RecordedCurve[] RepeatsOf(TableRow row, double[] points, double shift)
    {
        var finest = TableCurves.Extended(row.Repeats.MaxBy(c => c.Count)!, points, shift);
        return
        [
            .. row.Repeats.Select(c => TableCurves.Extended(c, points, shift) is var curve && curve.Amounts.SequenceEqual(finest.Amounts)
                ? curve
                : TableCurves.Aligned(c, finest, shift)),
        ];
    }

    private static RecordedCurve[] Whole(RecordedCurve[] repeats, bool averages)
    {
        if (repeats.Length == 1)
            return repeats;
        var truths = TableCurves.Mean([.. repeats.Select(r => r.Scores)]);
        return averages
            ? [new(repeats[0].Amounts, TableCurves.Mean([.. repeats.Select(r => r.Seconds)]), truths, truths)]
            : [.. repeats.Select(r => r with { Truths = truths })];
    }

    private RegretScale ScaleOf(double[][] truths)
    {
        var finals = truths.Select(t => t[^1]).Where(double.IsFinite).Order().ToArray();
        if (finals.Length == 0)
            throw new TableFormatException($"in '{Name}' every training diverged: there is nothing to find");
        var unit = finals[finals.Length / 2] - finals[0];
        return new(truths.SelectMany(t => t).Where(double.IsFinite).Min(), finals[0], unit > 0 ? unit : 1);
    }
}
