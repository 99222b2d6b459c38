using System.CommandLine;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Terminal;
using TuneGrid.Silo.Segments;
using TuneGrid.Simulation.Synthetic;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Cli.Simulations;

/// <summary>One search in virtual time, still to be done.</summary>
/// <param name="Task">Makes what is searched, or returns what many share.</param>
internal sealed record ReplayRun(Func<ISimulatedTask> Task, ReplayOptions Options)
{
    /// <summary>Returns every run that was asked for, in order. All files are read before the first is searched.</summary>
    /// <param name="paths">Tables, and search spaces (.json), whose curves are made up.</param>
    /// <exception cref="UsageException">One of them can't be read.</exception>
    public static IReadOnlyList<ReplayRun> Of(CliConsole console, ReplayFlags flags, ParseResult parsed, IReadOnlyList<string> paths)
    {
        var seeds = flags.Seeds(parsed).ToList();
        return [.. paths.SelectMany(path => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? OfSpace(console, flags, parsed, path, seeds)
            : OfTable(flags, parsed, path, seeds))];
    }

    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public ReplayReport Search(CancellationToken cancellation) => Replay.Run(Task(), Options, cancellation);

    private static List<ReplayRun> OfTable(ReplayFlags flags, ParseResult parsed, string path, List<ulong> seeds)
    {
        var table = TableFile.Read(path, flags.AveragesRepeats(parsed));
        ISimulatedTask task = flags.Interpolates(parsed) ? TableFile.Known(path, () => new InterpolatedTable(table)) : table;
        var options = flags.Read(parsed);
        return seeds.ConvertAll(s => new ReplayRun(() => task, options with { Seed = s }));
    }

    private static List<ReplayRun> OfSpace(CliConsole console, ReplayFlags flags, ParseResult parsed, string path, List<ulong> seeds)
    {
        var (space, _) = SpaceFile.ReadValid(console, path, []);
        var options = flags.Read(parsed, space);
        return seeds.ConvertAll(s => new ReplayRun(
            () => new SyntheticTask(Path.GetFileName(path), space, TrainingParameterCatalog.Instance, s), options with { Seed = s }));
    }
}
