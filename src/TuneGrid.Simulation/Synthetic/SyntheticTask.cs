using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Simulation.Synthetic;

/// <summary>
/// Learning curves that nobody recorded, over any search space: power laws that cross, with noise between runs and between points, and
/// trainings that diverge. Each seed is another task. What would not fit into memory is not known here.
/// </summary>
public sealed class SyntheticTask : ISimulatedTask
{
    private const int Points = 27;
    private const double UsualSeconds = 300;
    private const double RunDeviation = 0.01, PointDeviation = 0.01;
    private const int Samples = 4096, Refinements = 2000;
    private readonly SyntheticLandscape _landscape;
    private readonly ulong _seed;

    /// <param name="space">What is searched; its budget is a full training.</param>
    /// <param name="seed">What the curves are drawn from.</param>
    public SyntheticTask(string name, SearchSpace space, IParameterCatalog catalog, ulong seed)
    {
        (Name, Space, Catalog, _seed) = (name, space, catalog, seed);
        Amounts = [.. Enumerable.Range(1, Points).Select(p => space.Budget.Amount * p / Points)];
        _landscape = new(seed, space.Parameters.Length);
        var samples = Enumerable.Range(0, Samples).Select(Sample).ToList();
        MeanSeconds = samples.Average(u => Seconds(u, Points - 1));
        var finals = samples.Where(u => _landscape.DivergesAt(u) > 1).Select(u => (Score: Truth(u, Points - 1), Unit: u))
            .OrderBy(f => f.Score).ToList();
        var best = Refined(finals[0].Score, finals[0].Unit);
        Scale = new(best, best, Math.Max(1e-9, finals[finals.Count / 2].Score - best));
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
    public ISampler Adapt(ISampler sampler) => sampler;

    /// <inheritdoc/>
    public RecordedCurve Train(Configuration configuration, int trial, int repeat = 0)
    {
        var unit = ConfigurationUnit.Of(Space, configuration);
        var diverges = _landscape.DivergesAt(unit) * Points;
        var truths = Enumerable.Range(0, Points).Select(p => p + 1 >= diverges ? double.NaN : Truth(unit, p)).ToArray();
        var stream = _seed ^ ((ulong)(trial + 1) << 24) ^ ((ulong)repeat << 56);
        var run = RunDeviation * Normal(stream, Points);
        return new(
            [.. Amounts], [.. Enumerable.Range(0, Points).Select(p => Seconds(unit, p))],
            [.. truths.Select((t, p) => t + run + (PointDeviation * Normal(stream, p)))], truths);
    }

    private double Truth(double[] unit, int point) => _landscape.Score(unit, (point + 1.0) / Points, Points);

    private double Seconds(double[] unit, int point) => Space.Budget.Kind == BudgetKind.Seconds
        ? Amounts[point]
        : UsualSeconds * _landscape.Pace(unit) * (point + 1) / Points;

    private double[] Sample(int number) =>
        [.. Enumerable.Range(0, Space.Parameters.Length).Select(d => SyntheticLandscape.Uniform(~_seed, ((ulong)number << 8) + (ulong)d))];

    /// <summary>Steps of random directions and falling length from the best sample: no search should find much better.</summary>
    private double Refined(double best, double[] unit)
    {
        for (var step = 0; step < Refinements; step++)
        {
            var length = 0.2 * Math.Pow(0.998, step);
            var direction = Sample(Samples + step);
            var next = unit.Select((u, d) => Math.Clamp(u + (length * ((2 * direction[d]) - 1)), 0, 1)).ToArray();
            var score = Truth(next, Points - 1);
            if (score < best && _landscape.DivergesAt(next) > 1)
                (best, unit) = (score, next);
        }
        return best;
    }

    /// <summary>Roughly normal: mean 0 and variance 1, a sum of twelve uniform draws.</summary>
    private static double Normal(ulong stream, int index) =>
        Enumerable.Range(0, 12).Sum(i => SyntheticLandscape.Uniform(stream, ((ulong)index * 12) + (ulong)i)) - 6;
}
