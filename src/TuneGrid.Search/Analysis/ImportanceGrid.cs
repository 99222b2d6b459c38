using System.Numerics;
using TuneGrid.Search.Numerics;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Analysis;

/// <summary>The cells that one parameter's values are counted in: evenly spaced on its scale from its least to its greatest.</summary>
internal sealed class ImportanceGrid
{
    private readonly SpaceAxis _axis;
    private readonly double _first;
    private readonly double _distance;

    public ImportanceGrid(SpaceAxis axis, int most)
    {
        _axis = axis;
        var (least, greatest) = axis.Parameter switch
        {
            IntParameter p => ((double)p.Minimum, (double)p.Maximum),
            FloatParameter p => (p.Minimum, p.Maximum),
            _ => (0, axis.Cells - 1),
        };
        Cells = axis.Parameter switch
        {
            _ when least.Equals(greatest) => 1,
            // The logarithm of a whole number has few places at its lower end.
            IntParameter { LogScale: true } p => Math.Min(most, BitsFor(p.Maximum - p.Minimum + 1) + 1),
            FloatParameter { Step: null } => most,
            _ => (int)Math.Min(axis.IsOrdered ? most : int.MaxValue, axis.Cells),
        };
        _first = Scaled(least);
        _distance = Cells > 1 ? (Scaled(greatest) - _first) / (Cells - 1) : 1;
    }

    public int Cells { get; }

    public bool IsOrdered => _axis.IsOrdered;

    public int CellOf(ParameterValue value)
    {
        if (_axis.Parameter is not (IntParameter or FloatParameter))
        {
            var vector = new double[_axis.First + _axis.Width];
            _axis.Encode(value, vector);
            return _axis.IsOrdered ? (int)(vector[_axis.First] * _axis.Cells) : _axis.Category(vector);
        }
        return (int)Math.Clamp(Math.Ceiling(((Scaled(value.Number) - _first) / _distance) - 0.5), 0, Cells - 1);
    }

    private static int BitsFor(long count) => count <= 1 ? 0 : 64 - BitOperations.LeadingZeroCount((ulong)(count - 1));

    private double Scaled(double value) =>
        _axis.Parameter is IntParameter { LogScale: true } or FloatParameter { LogScale: true } ? Elementary.Log(value) : value;
}
