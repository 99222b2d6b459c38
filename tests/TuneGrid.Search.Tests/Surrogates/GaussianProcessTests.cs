using System.Runtime.Intrinsics;
using TuneGrid.Search.Numerics;
using TuneGrid.Search.Randomness;
using TuneGrid.Search.Surrogates;

namespace TuneGrid.Search.Tests.Surrogates;

public class GaussianProcessTests
{
    private const double Noise = 0.1;

    [Fact]
    public void One_point_is_remembered_as_far_as_its_noise_allows()
    {
        var process = Process([[0.5]], [2.0]);
        Assert.Equal(2 / (1 + Noise), process.Mean([0.5]), 12);
        Assert.Equal(1 - (1 / (1 + Noise)), process.Variance([0.5]), 12);
    }

    [Fact]
    public void Two_points_agree_with_the_formulas_by_hand()
    {
        var process = Process([[0.0], [1.0]], [1.0, -1.0]);
        // By hand: K = [[a, k], [k, a]] has the inverse [[a, -k], [-k, a]] / (a^2 - k^2), and the point in the middle sees both alike.
        var (own, other, middle) = (1 + Noise, Kernel(1), Kernel(0.5));
        Assert.Equal(0, process.Mean([0.5]), 12);
        Assert.Equal(1 - (2 * middle * middle / (own + other)), process.Variance([0.5]), 12);
        Assert.Equal((1 - other) / (own - other), process.Mean([0.0]), 12);
    }

    [Fact]
    public void A_point_without_a_value_narrows_the_variance_and_leaves_the_mean()
    {
        var (without, with) = (Process([[0.2]], [1.0]), Process([[0.2], [0.6]], [1.0]));
        Assert.Equal(without.Mean([0.6]), with.Mean([0.6]));
        Assert.True(with.Variance([0.6]) < 0.2 && without.Variance([0.6]) > 0.2);
    }

    [Fact]
    public void The_bound_of_the_variance_is_never_below_it()
    {
        var points = Points(40, 3);
        var process = Process(points, [.. points.Select(p => p[0] - p[1])]);
        foreach (var point in Points(60, 3, seed: 2))
        {
            var (mean, bound) = process.Glance(point);
            Assert.Equal(process.Mean(point), mean);
            Assert.True(bound >= process.Variance(point) - 1e-12);
        }
    }

    [Fact]
    public void The_gradient_is_that_of_the_posterior_density()
    {
        var points = Points(20, 2);
        double[] values = [.. points.Select(p => (3 * p[0]) - (p[1] * p[1]))];
        double[] scales = [.. points.Select((_, i) => i % 2 == 0 ? 1.0 : 2.0)];
        var prior = GaussianProcessFit.Prior(2);
        double[] at = [-0.4, 0.3, -1.5];
        var gradient = new double[3];
        GaussianProcessFit.LogPosterior(at, prior, points, values, scales, gradient);
        for (var i = 0; i < at.Length; i++)
        {
            const double Step = 1e-5;
            double Density(double change)
            {
                double[] moved = [.. at];
                moved[i] += change;
                return GaussianProcessFit.LogPosterior(moved, prior, points, values, scales, new double[3]);
            }
            Assert.Equal((Density(Step) - Density(-Step)) / (2 * Step), gradient[i], 5);
        }
    }

    [Fact]
    public void A_fit_finds_which_dimension_matters()
    {
        var points = Points(40, 2);
        double[] scores = NormalScores.Of([.. points.Select(p => (p[0] - 0.3) * (p[0] - 0.3))]);
        var fitted = GaussianProcessFit.Fit(GaussianProcessFit.Prior(2), points, scores, [.. points.Select(_ => 1.0)], steps: 25);
        Assert.True(fitted[0] < fitted[1] - 0.5, string.Join(' ', fitted));
    }

    [Fact]
    public void Exponentials_of_four_lanes_agree_with_those_of_one()
    {
        for (var x = 0.0; x > -40; x -= 0.37)
        {
            var lanes = VectorMath.ExpOfNegative(Vector256.Create(x, x - 1, x - 2, -800));
            Assert.InRange(lanes[0] / Elementary.Exp(x), 1 - 1e-14, 1 + 1e-14);
            Assert.InRange(lanes[2] / Elementary.Exp(x - 2), 1 - 1e-14, 1 + 1e-14);
            Assert.Equal(0, lanes[3]);
        }
    }

    [Fact]
    public void Predictions_have_the_same_bits_on_every_machine()
    {
        var points = Points(37, 3);
        var process = Process(points, [.. points.Select(p => p[0] - (p[1] * p[2]))]);
        var (mean, variance) = (process.Mean([0.1, 0.2, 0.3]), process.Variance([0.9, 0.1, 0.4]));
        Assert.Equal(8453601074790044, BitConverter.DoubleToInt64Bits(mean) ^ BitConverter.DoubleToInt64Bits(variance));
    }

    [Fact]
    public void Expected_improvement_is_the_density_at_a_tie_and_the_distance_without_doubt()
    {
        Assert.Equal(0.3989422804014327, ExpectedImprovement.Of(mean: 1, deviation: 1, best: 1), 12);
        Assert.Equal(2, ExpectedImprovement.Of(mean: 1, deviation: 1e-6, best: 3), 9);
        Assert.Equal(0, ExpectedImprovement.Of(mean: 5, deviation: 1e-6, best: 3), 9);
    }

    [Fact]
    public void Normal_scores_order_values_and_equal_ones_share_theirs()
    {
        var scores = NormalScores.Of([5, double.PositiveInfinity, 1, 5, double.PositiveInfinity]);
        Assert.Equal(scores[0], scores[3]);
        Assert.Equal(scores[1], scores[4]);
        Assert.Equal(Elementary.NormalQuantile(0.4), scores[0]);
        Assert.Equal(Elementary.NormalQuantile(0.1), scores[2]);
    }

    private static GaussianProcess Process(double[][] points, double[] values)
    {
        var process = new GaussianProcess([.. points[0].Select(_ => 0.0), Math.Log(Noise)], points.Length);
        foreach (var point in points)
            process.Add(point);
        process.Observe(values);
        return process;
    }

    private static double Kernel(double distance) =>
        (1 + (Math.Sqrt(5) * distance) + (5 * distance * distance / 3)) * Math.Exp(-Math.Sqrt(5) * distance);

    private static double[][] Points(int count, int dimensions, ulong seed = 1) =>
    [
        .. Enumerable.Range(0, count)
            .Select(i => Enumerable.Range(0, dimensions).Select(j => CounterRandom.Uniform(seed, (ulong)i, (ulong)j)).ToArray()),
    ];
}
