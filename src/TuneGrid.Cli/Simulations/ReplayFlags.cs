using System.CommandLine;
using System.Globalization;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Terminal;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Space;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Cli.Simulations;

/// <summary>The options of a search in virtual time.</summary>
internal sealed class ReplayFlags
{
    /// <summary>More than the runtime would start.</summary>
    private const int MostThreads = 512;

    private readonly Option<string> _sampler = new("--sampler")
    {
        Description = $"What proposes configurations: {string.Join(", ", TypeNames.Samplers)} [default: auto]",
        HelpName = "NAME",
    };

    private readonly Option<string> _scheduler = new("--scheduler")
    {
        Description = $"What promotes trials: {string.Join(", ", TypeNames.Schedulers)} [default: auto]", HelpName = "NAME",
    };

    private readonly Option<int?> _workers = CommonOptions.Integer("--workers", "Silos [default: 4]", 1, 100_000);
    private readonly Option<int?> _seeds =
        CommonOptions.Integer("--seeds", "Searches of each, with a seed of its own [default: 5]", 1, 100_000);
    private readonly Option<int?> _firstSeed =
        CommonOptions.Integer("--first-seed", "The first one's seed [default: 0]", 0, int.MaxValue / 2);

    private readonly Option<double?> _trainings = CommonOptions.Real(
        "--trainings", "The budget, in full trainings of the table's mean length, for all silos together [default: 30]", 0.01, 1e7);

    private readonly Option<int?> _trials = CommonOptions.Integer(
        "--trials", "Trials at most [default: as many as the budget allows]", 1, 1_000_000);

    private readonly Option<int?> _eta = CommonOptions.Integer("--eta", "One in so many trials is promoted [default: 3]", 2, 64);
    private readonly Option<int?> _rmin =
        CommonOptions.Integer("--rmin", "The first epoch that may be a rung [default: 2]", 1, 1_000_000);
    private readonly Option<string?> _finalists = new("--finalists")
    {
        Description = "With --trials: so many of the best run again so often before the champion is named, such as 2x2 [default: none do]",
        HelpName = "NxM",
    };

    private readonly Option<double?> _slow = CommonOptions.Real("--slow", "Every third silo's speed, as a share of the others'", 0.001, 1);
    private readonly Option<double?> _churn =
        CommonOptions.Real("--churn", "A silo comes or goes every so many virtual seconds", 0.001, 1e9);

    private readonly Option<bool?> _repeat = new("--repeat")
    {
        Description = "Of several repeats of a configuration, trial k sees number k in turn, and what looked best counts by their mean; "
            + "'--repeat false' trains their mean instead [default: true]",
    };

    private readonly Option<bool> _interpolate = new("--interpolate")
    {
        Description = "Train suggestions as they are, between a table's rows, instead of the nearest row not yet tried",
    };

    private readonly Option<int?> _threads =
        CommonOptions.Integer("--threads", "Searches at a time [default: one per processor]", 1, 1024);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[
            _workers, _sampler, _scheduler, _seeds, _firstSeed, _trainings, _trials, _finalists, _eta, _rmin, _slow, _churn,
            _repeat, _interpolate, _threads])
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="UsageException">There is no such sampler or scheduler.</exception>
    public ReplayOptions Read(ParseResult parsed) => new(
        Named("--sampler", parsed.GetValue(_sampler) ?? "auto", TypeNames.Samplers, TypeNames.Sampler),
        Named("--scheduler", parsed.GetValue(_scheduler) ?? "auto", TypeNames.Schedulers, TypeNames.Scheduler),
        parsed.GetValue(_workers) ?? 4, parsed.GetValue(_trainings) ?? 30, 0)
    {
        Eta = parsed.GetValue(_eta) ?? 3,
        FirstPoint = parsed.GetValue(_rmin) ?? 2,
        Trials = parsed.GetValue(_trials),
        Finalists = parsed.GetValue(_finalists) is { } finalists ? FinalistsOf(finalists) : null,
        SlowSpeed = parsed.GetValue(_slow) ?? 1,
        ChurnSeconds = parsed.GetValue(_churn),
    };

    /// <summary>What the space says counts where the command line does not say otherwise.</summary>
    /// <exception cref="UsageException">There is no such sampler or scheduler.</exception>
    public ReplayOptions Read(ParseResult parsed, SearchSpace space)
    {
        var options = Read(parsed);
        return options with
        {
            Sampler = parsed.GetValue(_sampler) is null ? space.Sampler.Type : options.Sampler,
            Scheduler = parsed.GetValue(_scheduler) is null ? space.Scheduler.Type : options.Scheduler,
            Finalists = options.Finalists ?? space.Finalists,
            Eta = parsed.GetValue(_eta) ?? space.Scheduler.Eta,
            Rungs = parsed.GetValue(_eta) is null && parsed.GetValue(_rmin) is null ? space.Scheduler.Rungs : null,
        };
    }

    public bool AveragesRepeats(ParseResult parsed) => parsed.GetValue(_repeat) == false;

    public bool Interpolates(ParseResult parsed) => parsed.GetValue(_interpolate);

    public int? Trials(ParseResult parsed) => parsed.GetValue(_trials);

    public IEnumerable<ulong> Seeds(ParseResult parsed) =>
        Enumerable.Range(parsed.GetValue(_firstSeed) ?? 0, parsed.GetValue(_seeds) ?? 5).Select(s => (ulong)s);

    /// <summary>On one silo unless the command line says otherwise, without rungs.</summary>
    public ReplayOptions Surrogate(ParseResult parsed) =>
        Read(parsed) with { Workers = parsed.GetValue(_workers) ?? 1, Scheduler = SchedulerType.Random, Rungs = 1 };

    /// <summary>Does all of them, and returns them in order, each as soon as it and those before it are done.</summary>
    public IEnumerable<(TReport Report, TRun Run)> InOrder<TReport, TRun>(
        ParseResult parsed, IReadOnlyList<TRun> runs, Func<TRun, TReport> search, CancellationToken cancellation) =>
        runs.AsParallel().AsOrdered()
            .WithDegreeOfParallelism(Math.Min(MostThreads, parsed.GetValue(_threads) ?? Environment.ProcessorCount))
            .WithMergeOptions(ParallelMergeOptions.NotBuffered).WithCancellation(cancellation).Select(r => (search(r), r));

    private static FinalistSpec FinalistsOf(string text)
    {
        var parts = text.Split('x');
        return parts.Length == 2 && IsCount(parts[0], out var count) && IsCount(parts[1], out var repeats)
            ? new(count, repeats)
            : throw new UsageException($"--finalists is '{text}'; expected two numbers from 1 to 64, such as 2x2");

        static bool IsCount(string part, out int value) =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= 64;
    }

    private static T Named<T>(string option, string name, IReadOnlyList<string> names, Func<string, T?> find) where T : struct =>
        find(name) ?? throw new UsageException(
            $"{option} is '{name}'; expected one of {string.Join(", ", names)}.{Nearest.Hint(name, names)}");
}
