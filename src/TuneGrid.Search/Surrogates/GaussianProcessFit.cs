using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using TuneGrid.Search.Numerics;

namespace TuneGrid.Search.Surrogates;

/// <summary>
/// Fits a <see cref="GaussianProcess"/>: the hyperparameters with the greatest posterior density, under log-normal priors on lengths and
/// noise (the lengths' median grows with the root of the number of dimensions, as in Hvarfner et al. 2024, arXiv:2402.02229). By resilient
/// propagation (Riedmiller and Braun 1993), which needs nothing but the gradient's signs and so many steps.
/// </summary>
internal static class GaussianProcessFit
{
    private const double MedianLength = 0.7, LengthSpread = 0.7, MedianNoise = 0.1, NoiseSpread = 1;
    private const double FirstStep = 0.2, LargestStep = 0.6, SmallestStep = 1e-3, Growth = 1.3, Shrinkage = 0.5;
    private const double LeastLength = -4, MostLength = 4, LeastNoise = -9, MostNoise = 1;

    /// <summary>Returns the priors' medians: logarithms of the lengths, then of the noise's variance.</summary>
    public static ImmutableArray<double> Prior(int dimensions)
    {
        var length = Elementary.Log(MedianLength * Math.Sqrt(dimensions / 4.0));
        return [.. Enumerable.Repeat(length, dimensions), Elementary.Log(MedianNoise)];
    }

    /// <summary>Returns the best hyperparameters found on the way from <paramref name="start"/>.</summary>
    public static ImmutableArray<double> Fit(
        ImmutableArray<double> start, double[][] points, double[] values, double[] noiseScales, int steps)
    {
        var prior = Prior(start.Length - 1);
        var current = start.ToArray();
        var best = start;
        var bestDensity = double.NegativeInfinity;
        var (gradient, earlier, size) = (new double[current.Length], new double[current.Length], new double[current.Length]);
        Array.Fill(size, FirstStep);
        for (var step = 0; step < steps; step++)
        {
            var density = LogPosterior(current, prior, points, values, noiseScales, gradient);
            if (density > bestDensity)
                (best, bestDensity) = ([.. current], density);
            for (var i = 0; i < current.Length; i++)
            {
                var agreement = gradient[i] * earlier[i];
                size[i] = agreement > 0 ? Math.Min(size[i] * Growth, LargestStep)
                    : agreement < 0 ? Math.Max(size[i] * Shrinkage, SmallestStep) : size[i];
                earlier[i] = gradient[i];
                var (least, most) = i < current.Length - 1 ? (LeastLength, MostLength) : (LeastNoise, MostNoise);
                current[i] = Math.Clamp(current[i] + (Math.Sign(gradient[i]) * size[i]), least, most);
            }
        }
        return best;
    }

    /// <summary>Returns the log posterior density of hyperparameters, up to a constant, and its gradient.</summary>
    internal static double LogPosterior(
        double[] hyperparameters, ImmutableArray<double> prior, double[][] points, double[] values, double[] noiseScales, double[] gradient)
    {
        var process = new GaussianProcess(hyperparameters, points.Length);
        for (var i = 0; i < points.Length; i++)
            process.Add(points[i], noiseScales[i]);
        process.Observe(values);
        var density = 0.0;
        for (var i = 0; i < points.Length; i++)
            density -= (0.5 * process.Weights[i] * values[i]) + Elementary.Log(process.Rows[i][i]);
        Array.Clear(gradient);
        AddGradient(process, hyperparameters, points, noiseScales, gradient);
        for (var i = 0; i < hyperparameters.Length; i++)
        {
            var spread = i < hyperparameters.Length - 1 ? LengthSpread : NoiseSpread;
            var deviation = (hyperparameters[i] - prior[i]) / spread;
            density -= 0.5 * deviation * deviation;
            gradient[i] -= deviation / spread;
        }
        return density;
    }

    /// <summary>Half the trace of (w w' - K^-1) dK, w being the weights.</summary>
    private static void AddGradient(
        GaussianProcess process, double[] hyperparameters, double[][] points, double[] noiseScales, double[] gradient)
    {
        var (count, dimensions) = (points.Length, hyperparameters.Length - 1);
        var inverse = InverseColumns(process.Rows, count);
        var inverseLengths = new double[dimensions];
        for (var i = 0; i < dimensions; i++)
            inverseLengths[i] = Elementary.Exp(-hyperparameters[i]);
        var squares = new double[dimensions];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var squared = 0.0;
                for (var k = 0; k < dimensions; k++)
                {
                    var difference = (points[i][k] - points[j][k]) * inverseLengths[k];
                    squares[k] = difference * difference;
                    squared += squares[k];
                }
                var distance = Math.Sqrt(5 * squared);
                var decay = VectorMath.ExpOfNegative(Vector256.Create(-distance))[0];
                var covariance = VectorMath.Dot(inverse[i], inverse[j], i, count);
                var factor = ((process.Weights[i] * process.Weights[j]) - covariance) * (5.0 / 3) * (1 + distance) * decay;
                for (var k = 0; k < dimensions; k++)
                    gradient[k] += factor * squares[k];
            }
            var variance = VectorMath.Dot(inverse[i], inverse[i], i, count);
            gradient[dimensions] += 0.5 * ((process.Weights[i] * process.Weights[i]) - variance) * process.Noise * noiseScales[i];
        }
    }

    /// <summary>The columns of the inverse of a lower triangle; nothing stands above a column's own row.</summary>
    private static double[][] InverseColumns(double[][] rows, int count)
    {
        var columns = new double[count][];
        for (var c = 0; c < count; c++)
        {
            var column = new double[count];
            column[c] = 1 / rows[c][c];
            for (var i = c + 1; i < count; i++)
                column[i] = -VectorMath.Dot(rows[i], column, c, i) / rows[i][i];
            columns[c] = column;
        }
        return columns;
    }
}
