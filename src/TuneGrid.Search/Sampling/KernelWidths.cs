using System.Collections.Immutable;
using TuneGrid.Search.Numerics;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// How wide a kernel is on each axis: its deviation, or, among unordered values, the share of its mass that is spread over all of them.
/// </summary>
internal sealed class KernelWidths
{
    private readonly double[] _widths;

    // Per axis: what the logarithm of the density loses per squared distance, and off the center where no value is near another.
    private readonly double[] _perSquare, _hit, _miss;

    public KernelWidths(ImmutableArray<SpaceAxis> axes, Func<SpaceAxis, double> width)
    {
        _widths = [.. axes.Select(width)];
        _perSquare = [.. axes.Select((a, i) => a.IsOrdered ? 0.5 / (_widths[i] * _widths[i]) : 0)];
        _hit = [.. axes.Select((a, i) => a.IsOrdered ? 0 : Elementary.Log((_widths[i] / a.Cells) + 1 - _widths[i]))];
        _miss = [.. axes.Select((a, i) => a.IsOrdered ? 0 : Elementary.Log(_widths[i] / a.Cells))];
    }

    public double this[int axis] => _widths[axis];

    /// <summary>Returns widths for kernels around a number of points, narrower the more there are.</summary>
    public static KernelWidths For(ImmutableArray<SpaceAxis> axes, int points)
    {
        const double Widest = 0.3;
        var exponent = -1.0 / (axes.Length + 4);
        var width = Math.Max(Widest * Elementary.Pow(Math.Max(1, points), exponent), 1.0 / (1 + Math.Min(points, 99)));
        return new(axes, a => !a.IsOrdered ? a.Cells / (double)(points + a.Cells) : a.Cells > 0 ? Math.Max(width, 0.5 / a.Cells) : width);
    }

    /// <summary>Returns the same width for every axis.</summary>
    public static KernelWidths Same(ImmutableArray<SpaceAxis> axes, double width) => new(axes, _ => width);

    /// <summary>Returns the logarithm of a kernel's density at a point: what it is at the center, less what the distance takes.</summary>
    public double HeightAt(double height, ReadOnlySpan<double> center, ReadOnlySpan<double> point)
    {
        ReadOnlySpan<double> perSquare = _perSquare;
        for (var i = 0; i < center.Length && i < point.Length && i < perSquare.Length; i++)
        {
            var distance = point[i] - center[i];
            // Not a number where either is: then the axis says nothing.
            if (double.IsNaN(distance))
                continue;
            height += perSquare[i] > 0 ? -perSquare[i] * distance * distance : distance == 0 ? _hit[i] : _miss[i];
        }
        return height;
    }
}
