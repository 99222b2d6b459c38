using System.Collections.Immutable;
using TuneGrid.Search.Numerics;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// A density over configurations: a weighted sum of kernels, each the product over the axes of a normal distribution cut off at 0 and 1,
/// or, among unordered values, of a point mass with some of it spread over all. What a kernel or a configuration lacks counts for nothing.
/// </summary>
internal sealed class ParzenMixture(ImmutableArray<SpaceAxis> axes)
{
    private readonly List<Kernel> _kernels = [];
    private double _weight;

    /// <summary>Adds a kernel.</summary>
    /// <param name="center">Per axis, NaN where it is uniform.</param>
    public void Add(double[] center, KernelWidths widths, double weight)
    {
        if (!(weight > 0))
            return;
        _weight += weight;
        var height = Elementary.Log(weight);
        for (var i = 0; i < axes.Length; i++)
        {
            if (double.IsNaN(center[i]))
                height -= axes[i].IsOrdered ? 0 : Elementary.Log(axes[i].Cells);
            else if (axes[i].IsOrdered)
                height -= Elementary.Log(widths[i] * MassWithin(center[i], widths[i]));
        }
        _kernels.Add(new(center, widths, weight, height));
    }

    /// <summary>Writes a point drawn from the density.</summary>
    public void Draw(SampleStream random, Span<double> point)
    {
        var at = random.Uniform() * _weight;
        var chosen = 0;
        while (chosen < _kernels.Count - 1 && at >= _kernels[chosen].Weight)
            at -= _kernels[chosen++].Weight;
        var (center, widths) = (_kernels[chosen].Center, _kernels[chosen].Widths);
        for (var i = 0; i < axes.Length; i++)
        {
            var isSpread = double.IsNaN(center[i]) || (!axes[i].IsOrdered && random.Uniform() < widths[i]);
            point[i] = isSpread ? axes[i].PointOf(random.Uniform())
                : axes[i].IsOrdered ? random.Normal(center[i], widths[i])
                : center[i];
        }
    }

    /// <summary>Returns the logarithm of the density at a point, up to a constant that all mixtures over the space share.</summary>
    public double LogDensity(ReadOnlySpan<double> point)
    {
        var (most, sum) = (double.NegativeInfinity, 0.0);
        foreach (var kernel in _kernels)
        {
            var height = kernel.Widths.HeightAt(kernel.Height, kernel.Center, point);
            if (height > most)
                (most, sum) = (height, (sum * Elementary.Exp(most - height)) + 1);
            else if (height > most - 40)
                sum += Elementary.Exp(height - most);
        }
        return most + Elementary.Log(sum) - Elementary.Log(_weight);
    }

    private static double MassWithin(double center, double width) =>
        Elementary.NormalCdf((1 - center) / width) - Elementary.NormalCdf(-center / width);

    private sealed record Kernel(double[] Center, KernelWidths Widths, double Weight, double Height);
}
