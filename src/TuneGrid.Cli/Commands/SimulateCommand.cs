using System.CommandLine;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Replays;
using TuneGrid.Cli.Terminal;
using TuneGrid.Search.Reading;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid simulate TABLE ...</c>: what a search finds on recorded learning curves, in virtual time.</summary>
internal static class SimulateCommand
{
    public static Command Create(CliConsole console)
    {
        var tables = new Argument<string[]>("table")
        {
            Description = "Recorded learning curves (CSV, packed by gzip or not)", Arity = ArgumentArity.ZeroOrMore,
        };
        var flags = new ReplayFlags();
        var output = CommonOptions.Output();
        var command = new Command("simulate", "Searches recorded learning curves in virtual time.") { tables, output };
        flags.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var options = flags.Read(parsed);
            var paths = parsed.GetValue(tables)!;
            if (paths.Length == 0)
                throw new UsageException("simulate needs a table of learning curves");
            // All of them are read before the first is searched: a mistake in the last must not cost the work on the others.
            var tasks = paths.Select(p => (ISimulatedTask)TableFile.Read(p, flags.Table(parsed))).ToList();
            var runs = tasks.SelectMany(t => flags.Seeds(parsed).Select(s => (Task: t, Options: options with { Seed = s })));
            var reports = new List<ReplayReport>();
            var isJson = parsed.GetValue(output) == OutputFormat.Json;
            foreach (var (report, with) in Parallel(runs, flags.Threads(parsed), cancellation))
            {
                if (isJson)
                    Json.Write(console, ReplayText.Describe(report, with));
                reports.Add(report);
            }
            if (!isJson)
                ReplayText.Print(console, reports);
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    /// <summary>In the order of the runs, each as soon as it and those before it are done.</summary>
    private static IEnumerable<(ReplayReport Report, ReplayOptions Options)> Parallel(
        IEnumerable<(ISimulatedTask Task, ReplayOptions Options)> runs, int threads, CancellationToken cancellation) =>
        runs.AsParallel().AsOrdered().WithDegreeOfParallelism(threads).WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .WithCancellation(cancellation).Select(r => (Replay.Run(r.Task, r.Options, cancellation), r.Options));
}
