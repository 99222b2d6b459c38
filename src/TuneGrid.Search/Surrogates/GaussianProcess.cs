using System.Runtime.Intrinsics;
using TuneGrid.Search.Numerics;

namespace TuneGrid.Search.Surrogates;

/// <summary>
/// A Gaussian process over the unit cube with mean 0 and variance 1: a Matern 5/2 kernel with one length per dimension (Rasmussen and
/// Williams 2006, Gaussian Processes for Machine Learning, chapters 2 and 4), by Cholesky decomposition, in double arithmetic of one fixed
/// order. Points are added one by one, values are given to the first of them; points without a value narrow the variance around them and
/// leave the mean as it is. Not thread-safe.
/// </summary>
internal sealed class GaussianProcess
{
    private const int Lanes = 4;
    private readonly double[] _inverseLengths;
    private readonly double _noise;
    private readonly double[][] _columns;
    private readonly double[][] _rows;
    private readonly double[] _covariances;
    private readonly double[] _solved;
    private double[] _weights = [];

    /// <param name="hyperparameters">Logarithms: of the length of each dimension, then of the noise's variance.</param>
    /// <param name="capacity">How many points it can hold.</param>
    public GaussianProcess(IReadOnlyList<double> hyperparameters, int capacity)
    {
        var padded = (capacity + Lanes - 1) / Lanes * Lanes;
        _inverseLengths = [.. hyperparameters.SkipLast(1).Select(l => Elementary.Exp(-l))];
        _noise = Elementary.Exp(hyperparameters[^1]);
        _columns = [.. _inverseLengths.Select(_ => new double[padded])];
        _rows = new double[capacity][];
        (_covariances, _solved) = (new double[padded], new double[padded]);
    }

    /// <summary>How many points it has.</summary>
    public int Count { get; private set; }

    /// <summary>The lower triangle of the Cholesky decomposition, row by row.</summary>
    public double[][] Rows => _rows;

    /// <summary>The noise's variance.</summary>
    public double Noise => _noise;

    /// <summary>Adds a point.</summary>
    /// <param name="noiseScale">Its share of the noise's variance; 1 for an ordinary one.</param>
    public void Add(double[] point, double noiseScale = 1)
    {
        Covariances(point, Count);
        var row = new double[Count + 1];
        var left = 1 + (_noise * noiseScale);
        for (var i = 0; i < Count; i++)
            row[i] = (_covariances[i] - VectorMath.Dot(_rows[i], row, 0, i)) / _rows[i][i];
        left -= VectorMath.Dot(row, row, 0, Count);
        row[Count] = Math.Sqrt(Math.Max(left, 1e-10));
        _rows[Count] = row;
        for (var j = 0; j < _columns.Length; j++)
            _columns[j][Count] = point[j] * _inverseLengths[j];
        Count++;
    }

    /// <summary>Gives the first points their values.</summary>
    public void Observe(double[] values)
    {
        var weights = Forward(values);
        for (var i = values.Length - 1; i >= 0; i--)
        {
            weights[i] /= _rows[i][i];
            VectorMath.AddScaled(weights, _rows[i], -weights[i], i);
        }
        _weights = weights;
    }

    /// <summary>The values' weights in the mean: the inverse covariance times the values.</summary>
    public double[] Weights => _weights;

    /// <summary>Returns L^-1 values.</summary>
    public double[] Forward(double[] values)
    {
        var solved = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
            solved[i] = (values[i] - VectorMath.Dot(_rows[i], solved, 0, i)) / _rows[i][i];
        return solved;
    }

    /// <summary>Returns the mean at a point, and the variance that the nearest of the model's points alone would leave there.</summary>
    public (double Mean, double VarianceBound) Glance(double[] point)
    {
        Covariances(point, Count);
        var nearest = 0.0;
        for (var i = 0; i < Count; i++)
            nearest = Math.Max(nearest, _covariances[i]);
        return (VectorMath.Dot(_covariances, _weights, 0, _weights.Length), Math.Max(1 - (nearest * nearest / (1 + _noise)), 1e-10));
    }

    /// <summary>Returns the mean at a point.</summary>
    public double Mean(double[] point)
    {
        Covariances(point, _weights.Length);
        return VectorMath.Dot(_covariances, _weights, 0, _weights.Length);
    }

    /// <summary>Returns the variance at a point, without noise.</summary>
    public double Variance(double[] point)
    {
        Covariances(point, Count);
        for (var i = 0; i < Count; i++)
            _solved[i] = (_covariances[i] - VectorMath.Dot(_rows[i], _solved, 0, i)) / _rows[i][i];
        return Math.Max(1 - VectorMath.Dot(_solved, _solved, 0, Count), 1e-10);
    }

    /// <summary>Matern 5/2 between the point and the first points of the model.</summary>
    private void Covariances(double[] point, int count)
    {
        for (var i = 0; i < count; i += Lanes)
        {
            var squared = Vector256<double>.Zero;
            for (var j = 0; j < _columns.Length; j++)
            {
                var difference = Vector256.LoadUnsafe(ref _columns[j][0], (nuint)i) - Vector256.Create(point[j] * _inverseLengths[j]);
                squared += difference * difference;
            }
            var distance = Vector256.Sqrt(squared * 5.0);
            var value = (Vector256<double>.One + distance + (distance * distance * (1.0 / 3))) * VectorMath.ExpOfNegative(-distance);
            value.StoreUnsafe(ref _covariances[0], (nuint)i);
        }
    }
}
