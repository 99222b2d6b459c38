using System.Collections.Immutable;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Analysis;

/// <summary>
/// Trials as a table of one column per parameter: its place on its own scale from 0 to 1, or the number of its value where values have no
/// order. A parameter that does not exist in a trial stands in the middle, or at the first value.
/// </summary>
internal sealed class ImportanceSample
{
    private readonly double[][] _columns;
    private readonly double[] _scores;
    private readonly Configuration[] _configurations;

    private ImportanceSample(ImmutableArray<SpaceAxis> axes, double[][] columns, double[] scores, Configuration[] configurations) =>
        (Axes, _columns, _scores, _configurations) = (axes, columns, scores, configurations);

    /// <summary>One per parameter, in the space's order.</summary>
    public ImmutableArray<SpaceAxis> Axes { get; }

    public int Count => _scores.Length;

    public static ImportanceSample Of(SearchSpace space, IReadOnlyList<(Configuration Configuration, double Score)> trials)
    {
        var encoding = new SpaceEncoding(space);
        var columns = encoding.Axes.Select(_ => new double[trials.Count]).ToArray();
        for (var row = 0; row < trials.Count; row++)
        {
            var vector = encoding.Encode(trials[row].Configuration);
            for (var column = 0; column < columns.Length; column++)
            {
                var axis = encoding.Axes[column];
                columns[column][row] = axis.IsOrdered ? vector[axis.First] : axis.Category(vector);
            }
        }
        return new(
            encoding.Axes, columns, [.. trials.Select(t => t.Score)], [.. trials.Select(t => t.Configuration)]);
    }

    public double Score(int row) => _scores[row];

    public double At(int row, int column) => _columns[column][row];

    /// <summary>The value itself; null where the parameter does not exist.</summary>
    public ParameterValue? Value(int row, int column) =>
        _configurations[row].TryGetValue(Axes[column].Parameter.Name, out var value) ? value : null;

    /// <summary>How many values a column without order has; 0 for the others.</summary>
    public int Categories(int column) => Axes[column].IsOrdered ? 0 : (int)Axes[column].Cells;
}
