using TuneGrid.Coordination;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Simulation;

/// <summary>A space of one parameter. Its "JSON" in the ledger is "TRIALS RUNGS SCHEDULER [KEEP] [FINALISTSxREPEATS]".</summary>
internal static class TestSpace
{
    public static readonly CorpusReference Corpus = new("storybook", "c0ffee");

    /// <summary>What every second silo may use, in bytes: not enough for some trials.</summary>
    public const long SmallMemory = 2L << 30;

    /// <summary>What any silo has at most, in bytes: not enough for a few.</summary>
    public const long ClassMemory = 4L << 30;

    public static string Json(
        int trials, int rungs = 3, SchedulerType type = SchedulerType.Asha, Retention keep = Retention.Finalists,
        FinalistSpec? finalists = null) =>
        FormattableString.Invariant(
            $"{trials} {rungs} {type}{(keep == Retention.Finalists && finalists is null ? "" : $" {keep}")}")
            + (finalists is null ? "" : FormattableString.Invariant($" {finalists.Count}x{finalists.Repeats}"));

    public static NewStudy Study(string json) => new("test", json, Corpus, null, DisturbancePolicy.Accept);

    public static SearchPlan Plan(string json)
    {
        var parts = json.Split(' ');
        if (parts.Length is not (3 or 4 or 5))
            throw new ArgumentException("not a test space");
        var space = new SearchSpace(
            "test", "storybook", new("bits_per_byte", Goal.Minimize), new(BudgetKind.Seconds, 270),
            new(Enum.Parse<SchedulerType>(parts[2]), 3, int.Parse(parts[1])), new(SamplerType.Random),
            int.Parse(parts[0]), 7, [], Configuration.Empty, [])
        {
            Keep = parts.Length > 3 ? Enum.Parse<Retention>(parts[3]) : Retention.Finalists,
            Finalists = parts.Length > 4 ? Finalists(parts[4].Split('x')) : null,
        };
        return new(space, () => Schedulers.Create(space), new NumberSampler())
        {
            MemoryBytes = (configuration, _) => Memory((int)configuration["number"].Number),
        };
    }

    private static FinalistSpec Finalists(string[] numbers) => new(int.Parse(numbers[0]), int.Parse(numbers[1]));

    private static long Memory(int number) => number % 23 == 22 ? ClassMemory + 1 : number % 7 == 5 ? SmallMemory + 1 : 1;

    private sealed class NumberSampler : ISampler
    {
        public Proposal Propose(SearchHistory history)
        {
            var number = history.Trials.Count;
            var configuration = Configuration.Empty
                .With("number", ParameterValue.Of((long)number)).With("rate", ParameterValue.Of(1.0 / (number + 1)));
            return new(configuration, new("random"));
        }
    }
}
