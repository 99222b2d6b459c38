using System.Collections.Immutable;
using TuneGrid.Search.Numerics;
using TuneGrid.Search.Space;
using TuneGrid.Search.Surrogates;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// Two Gaussian processes over a space's points: of the scores, as normal scores by rank, and, where enough trials have failed by their
/// configuration, of whether one fails. With fewer failures these are the worst scores.
/// </summary>
internal sealed class GpModel
{
    /// <summary>From how many failures and how many scores on failing is a question of its own.</summary>
    private const int Enough = 4;

    private const double LeastDeviation = 1e-6;

    private readonly GaussianProcess _scores;
    private readonly GaussianProcess? _outcomes;
    private readonly double _successes;

    private GpModel(Sample scores, Sample? outcomes, Learned learned, List<double[]> pending, double margin)
    {
        Learned = learned;
        _scores = Process(scores, learned.Scores, pending);
        Best = scores.Points.Min(_scores.Mean) - margin;
        var order = GpOrder(scores.Values);
        Parents = [.. order.Select(i => scores.Points[i])];
        if (outcomes is null)
            return;
        _outcomes = Process(outcomes, learned.Outcomes, pending);
        _successes = outcomes.Mean;
    }

    /// <summary>What was fitted, now or earlier.</summary>
    public Learned Learned { get; }

    /// <summary>What a proposal is to improve on: the least mean at any trial's point, less a margin.</summary>
    public double Best { get; }

    /// <summary>The points of the trials, the best first.</summary>
    public IReadOnlyList<double[]> Parents { get; }

    /// <summary>Fits a model, or takes the hyperparameters that were learned until the data has grown by a tenth.</summary>
    public static GpModel Of(GpData data, List<double[]> points, ValueList<double> known, double margin, GpSettings settings)
    {
        var separate = data.Failed.Count >= Enough && data.Scored.Count >= Enough;
        var scores = Sample.OfScores(data, points, settings, withFailures: !separate);
        var outcomes = separate ? Sample.OfOutcomes(data, points, settings) : null;
        var columns = points[0].Length;
        var count = data.Scored.Count + data.Failed.Count;
        var learned = Learned.Read(known, columns);
        if (learned is null || (separate && learned.Outcomes.IsEmpty) || count >= (learned.Count * 1.1) + 2)
            learned = Fit(learned, count, scores, outcomes, columns, settings);
        return new(scores, outcomes, learned, data.Pending.ConvertAll(p => points[p]), margin);
    }

    /// <summary>Returns the most that <see cref="Gain"/> can return for the point; it costs little.</summary>
    public double GainBound(double[] point)
    {
        var (mean, variance) = _scores.Glance(point);
        return ExpectedImprovement.Of(mean, Math.Sqrt(variance), Best) * ChanceOfSuccess(point);
    }

    /// <summary>Returns the improvement to expect at the point, counting nothing where it fails.</summary>
    public double Gain(double[] point)
    {
        var deviation = Math.Max(LeastDeviation, Math.Sqrt(_scores.Variance(point)));
        return ExpectedImprovement.Of(_scores.Mean(point), deviation, Best) * ChanceOfSuccess(point);
    }

    /// <summary>Returns the chance that a trial at the point does not fail by its configuration.</summary>
    public double ChanceOfSuccess(double[] point)
    {
        if (_outcomes is null)
            return 1;
        var deviation = Math.Sqrt(_outcomes.Glance(point).VarianceBound + _outcomes.Noise);
        return Elementary.NormalCdf((_successes + _outcomes.Mean(point)) / deviation);
    }

    private static Learned Fit(Learned? earlier, int count, Sample scores, Sample? outcomes, int columns, GpSettings settings)
    {
        var prior = GaussianProcessFit.Prior(columns);
        return new(count, FitTo(scores, earlier?.Scores), outcomes is null ? [] : FitTo(outcomes, earlier?.Outcomes));

        ImmutableArray<double> FitTo(Sample sample, ImmutableArray<double>? start)
        {
            var chosen = GpData.Representatives(sample.Values, settings.MostFitted);
            var isFirst = start is not { IsDefaultOrEmpty: false };
            return GaussianProcessFit.Fit(
                isFirst ? prior : start!.Value,
                [.. chosen.Select(i => sample.Points[i])], [.. chosen.Select(i => sample.Values[i])],
                [.. chosen.Select(i => sample.NoiseScales[i])], isFirst ? settings.FirstSteps : settings.LaterSteps);
        }
    }

    private static GaussianProcess Process(Sample sample, ImmutableArray<double> hyperparameters, List<double[]> pending)
    {
        var process = new GaussianProcess(hyperparameters, sample.Points.Length + pending.Count);
        for (var i = 0; i < sample.Points.Length; i++)
            process.Add(sample.Points[i], sample.NoiseScales[i]);
        foreach (var point in pending)
            process.Add(point);
        process.Observe(sample.Values);
        return process;
    }

    private static int[] GpOrder(double[] values)
    {
        var order = new int[values.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(order, (a, b) => values[a].CompareTo(values[b]) is var c && c != 0 ? c : a.CompareTo(b));
        return order;
    }

    /// <summary>Points with a value each, and the mean that was taken off the values.</summary>
    private sealed record Sample(double[][] Points, double[] Values, double[] NoiseScales, double Mean)
    {
        public static Sample OfScores(GpData data, List<double[]> points, GpSettings settings, bool withFailures)
        {
            var places = withFailures ? [.. data.Scored, .. data.Failed] : data.Scored;
            var values = data.Values.Concat(Enumerable.Repeat(double.PositiveInfinity, places.Count - data.Values.Count)).ToArray();
            var noise = data.NoiseScales.Concat(Enumerable.Repeat(1.0, places.Count - data.Values.Count)).ToArray();
            var chosen = GpData.Representatives(values, settings.MostPoints);
            var scores = ModelScores.Of(values, settings.DistanceShare);
            return new(
                [.. chosen.Select(i => points[places[i]])], [.. chosen.Select(i => scores[i])], [.. chosen.Select(i => noise[i])], 0);
        }

        public static Sample OfOutcomes(GpData data, List<double[]> points, GpSettings settings)
        {
            List<int> places = [.. data.Scored.TakeLast(settings.MostPoints / 2), .. data.Failed.TakeLast(settings.MostPoints / 2)];
            var successes = Math.Min(data.Scored.Count, settings.MostPoints / 2);
            var mean = ((2.0 * successes) - places.Count) / places.Count;
            return new(
                [.. places.Select(p => points[p])], [.. places.Select((_, i) => (i < successes ? 1 : -1) - mean)],
                [.. places.Select(_ => 1.0)], mean);
        }
    }
}
