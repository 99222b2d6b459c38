using System.Collections.Immutable;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// Maps configurations to points of the unit cube and back. A number stands on its own scale, logarithmic where the space says so, at the
/// middle of its step; a choice between numbers at the middle of its rank; false at 0 and true at 1; a choice between texts has one column
/// per value, 1 for the chosen one. A parameter that does not exist stands at 0.5, or at 0 in every column of a choice between texts.
/// </summary>
internal sealed class SpaceEncoding
{
    private readonly SearchSpace _space;
    private readonly ParameterTree _tree;

    public SpaceEncoding(SearchSpace space)
    {
        (_space, _tree) = (space, new(space));
        var axes = ImmutableArray.CreateBuilder<SpaceAxis>(space.Parameters.Length);
        foreach (var parameter in space.Parameters)
        {
            axes.Add(new(parameter, Columns));
            Columns += axes[^1].Width;
        }
        Axes = axes.MoveToImmutable();
    }

    /// <summary>One per parameter, in the space's order.</summary>
    public ImmutableArray<SpaceAxis> Axes { get; }

    /// <summary>How long an encoded configuration is.</summary>
    public int Columns { get; }

    /// <summary>How many different configurations there are before constraints; infinite if a parameter is continuous.</summary>
    public double Size => Axes.Aggregate(1.0, (product, a) => product * (a.Cells > 0 ? a.Cells : double.PositiveInfinity));

    /// <summary>Returns the configuration's point. What lies outside the space moves to its edge.</summary>
    public double[] Encode(Configuration configuration)
    {
        var vector = new double[Columns];
        Encode(configuration, vector);
        return vector;
    }

    /// <summary>Writes the configuration's point.</summary>
    public void Encode(Configuration configuration, Span<double> vector)
    {
        foreach (var axis in Axes)
        {
            if (configuration.TryGetValue(axis.Parameter.Name, out var value))
                axis.Encode(value, vector);
            else
                axis.EncodeAbsent(vector);
        }
    }

    /// <summary>
    /// Returns the configuration nearest to a point, on steps and choices, without what does not exist. It may be infeasible.
    /// </summary>
    public Configuration Decode(ReadOnlySpan<double> vector)
    {
        var drawn = new ParameterValue?[Axes.Length];
        foreach (var index in _tree.Order)
        {
            if (_tree.Exists(index, drawn))
                drawn[index] = Axes[index].Decode(vector);
        }
        return _tree.Compose(drawn);
    }

    /// <summary>Writes a point that is uniform over the space's values, from one number in [0, 1) per axis.</summary>
    public void FromUnits(ReadOnlySpan<double> units, Span<double> vector)
    {
        for (var i = 0; i < Axes.Length; i++)
        {
            if (Axes[i].IsOneHot)
                Axes[i].EncodeCategory((int)(units[i] * Axes[i].Width), vector);
            else
                vector[Axes[i].First] = units[i];
        }
    }

    /// <summary>Returns where the configuration lies on each axis, NaN where a parameter does not exist.</summary>
    public double[] Points(Configuration configuration)
    {
        var points = new double[Axes.Length];
        for (var i = 0; i < points.Length; i++)
            points[i] = configuration.TryGetValue(Axes[i].Parameter.Name, out var value) ? Axes[i].PointOf(value) : double.NaN;
        return points;
    }

    /// <summary>Returns the configuration nearest to a point on each axis. It may be infeasible.</summary>
    public Configuration AtPoints(ReadOnlySpan<double> points)
    {
        var drawn = new ParameterValue?[Axes.Length];
        foreach (var index in _tree.Order)
        {
            if (_tree.Exists(index, drawn))
                drawn[index] = Axes[index].ValueAt(points[index]);
        }
        return _tree.Compose(drawn);
    }

    /// <summary>
    /// Returns configuration number <paramref name="number"/> of a space without continuous parameters. It may be infeasible, and stand
    /// under several numbers.
    /// </summary>
    public Configuration Cell(long number)
    {
        var drawn = new ParameterValue?[Axes.Length];
        foreach (var index in _tree.Order)
        {
            var cell = number % Axes[index].Cells;
            number /= Axes[index].Cells;
            if (_tree.Exists(index, drawn))
                drawn[index] = Axes[index].Cell(cell);
        }
        return _tree.Compose(drawn);
    }

    /// <summary>Returns what asks whether candidates of one proposal are feasible.</summary>
    public FeasibilityCheck Feasibility(IParameterCatalog catalog) => new(_space.Constraints, catalog);
}
