using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Simulation.Surrogates;

/// <summary>A surrogate as a task: trainings of one score each, that cost their time also where they fail.</summary>
/// <param name="options">How it is searched.</param>
/// <param name="seed">What its noise starts from.</param>
internal sealed class SurrogateTask(string name, SurrogateBenchmark benchmark, SurrogateOptions options, ulong seed) : ISimulatedTask
{
    private const ulong RepeatsPerSeed = 1_000_000;
    private const int MostTrials = 100_000;

    public string Name => name;

    public SearchSpace Space { get; } = new(
        "surrogate", "", new("bits_per_byte", Goal.Minimize), new(BudgetKind.Seconds, SurrogateBenchmark.TrainingSeconds),
        new(SchedulerType.Random, 3, 1), new(SamplerType.Random), 1, 0, benchmark.Space.Parameters, Configuration.Empty, []);

    public IParameterCatalog Catalog { get; } = new PlainCatalog(benchmark.Space.Parameters, benchmark.Space.Default);

    public IReadOnlyList<double> Amounts { get; } = [SurrogateBenchmark.TrainingSeconds];

    public double MeanSeconds => SurrogateBenchmark.TrainingSeconds;

    public RegretScale Scale { get; } = new(0, 0, 1);

    public ISampler Adapt(ISampler sampler) =>
        options.DefaultFirst ? new DefaultFirst(sampler, benchmark.Space.Default) : sampler;

    public RecordedCurve Train(Configuration configuration, int trial, int repeat = 0)
    {
        var truth = benchmark.Train(configuration);
        var run = (seed * RepeatsPerSeed) + (ulong)(trial + (repeat * MostTrials));
        var score = options.IsNoisy ? benchmark.Train(configuration, run).Score : truth.Score;
        return new([SurrogateBenchmark.TrainingSeconds], [truth.Seconds], [score], [truth.Score])
        {
            // What failed there ran out of memory.
            Failure = FailureKind.OutOfMemory,
        };
    }

    /// <summary>What everybody knows is tried before anything is searched.</summary>
    private sealed class DefaultFirst(ISampler inner, Configuration known) : ISampler
    {
        public Proposal Propose(SearchHistory history) =>
            history.Trials.Count == 0 ? new(known, new("start", "the known default")) : inner.Propose(history);
    }
}
