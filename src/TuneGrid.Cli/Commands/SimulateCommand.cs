using System.CommandLine;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Simulations;
using TuneGrid.Cli.Terminal;
using TuneGrid.Simulation.Surrogates;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid simulate TABLE ...</c>: what a search finds on learning curves that are known, in virtual time.</summary>
internal static class SimulateCommand
{
    public static Command Create(CliConsole console)
    {
        var inputs = new Argument<string[]>("table")
        {
            Description = "Recorded learning curves (CSV, packed by gzip or not), or search spaces (.json), whose curves are made up",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var (flags, surrogate, output) = (new ReplayFlags(), new SurrogateFlags(), CommonOptions.Output());
        var command = new Command("simulate", "Searches known learning curves in virtual time.") { inputs, output };
        flags.AddTo(command);
        surrogate.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var paths = parsed.GetValue(inputs)!;
            var isJson = parsed.GetValue(output) == OutputFormat.Json;
            if (surrogate.Folder(parsed) is { } folder)
            {
                var benchmark = paths.Length == 0 ? SurrogateFolder.Read(folder)
                    : throw new UsageException("--surrogate has trainings of its own; leave out the tables");
                var options = surrogate.Read(parsed, flags.Trials(parsed));
                var searches = flags.Seeds(parsed).Select(s => flags.Surrogate(parsed) with { Seed = s }).ToList();
                var found = flags.InOrder(parsed, searches, s => SurrogateSearch.Run(benchmark, options, s, cancellation), cancellation);
                Show(console, isJson, found, SurrogateText.Describe, SurrogateText.Print);
            }
            else
            {
                var runs = paths.Length > 0 ? ReplayRun.Of(console, flags, parsed, paths)
                    : throw new UsageException("simulate needs a table of learning curves, a search space, or --surrogate FOLDER");
                var found = flags.InOrder(parsed, runs, r => r.Search(cancellation), cancellation);
                Show(console, isJson, found, (report, run) => ReplayText.Describe(report, run.Options), ReplayText.Print);
            }
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    /// <summary>As JSON each as soon as it is there, for people all at the end.</summary>
    private static void Show<TReport, TRun>(
        CliConsole console, bool isJson, IEnumerable<(TReport Report, TRun Run)> found, Func<TReport, TRun, JsonObject> describe,
        Action<CliConsole, IReadOnlyList<TReport>> print)
    {
        var reports = new List<TReport>();
        foreach (var (report, run) in found)
        {
            if (isJson)
                Json.Write(console, describe(report, run));
            reports.Add(report);
        }
        if (!isJson)
            print(console, reports);
    }
}
