using System.CommandLine;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Segments;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid enqueue STUDY width=192 ...</c>: a configuration that every hardware class tries next, beside its trials.</summary>
internal static class EnqueueCommand
{
    public static Command Create(CliConsole console)
    {
        var (study, store, output) = (CommonOptions.StudyArgument(), new StoreFlag(), CommonOptions.Output());
        var values = new Argument<string[]>("values")
        {
            Description = "Searched parameters as NAME=VALUE, the others at the trainer's defaults; or the word defaults",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("enqueue", "Adds a configuration to a running study: it is tried next, beyond the study's trials.")
        {
            study, values, output,
        };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await new CommandContext(console).OpenStoreAsync(store.Read(parsed), cancellation);
            var summary = await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation);
            if (!summary.IsOpen)
                throw new UsageException($"{summary.Id} is already {summary.Status.ToString().ToLowerInvariant()}");
            var follower = new StudyFollower(opened.Studies, summary.Id, SpacePlanner.Read);
            await follower.RefreshAsync(cancellation);
            var configuration = Read(follower.State.Space, parsed.GetValue(values)!);
            if (!await follower.EnqueueAsync(configuration, cancellation))
            {
                throw new UsageException(
                    follower.State.Classes.FirstOrDefault(c => c.ProposalsEnded is not null)?.ProposalsEnded is { } reason
                        ? $"{summary.Id} proposes no more trials: {reason}"
                        : $"{summary.Id} has ended meanwhile");
            }
            if (parsed.GetValue(output) == OutputFormat.Json)
                Json.Write(console, new JsonObject { ["study"] = summary.Id.Value, ["config"] = configuration.ToJson() });
            else
                console.Word.WriteLine($"{summary.Id} tries next: {configuration}");
            return ExitCodes.Fine;
        });
        return command;
    }

    /// <exception cref="UsageException">A value that the space does not have.</exception>
    private static Configuration Read(SearchSpace space, IReadOnlyList<string> values)
    {
        var reading = ConfigurationReader.Read(space, TrainingParameterCatalog.Instance, values);
        if (reading.Configuration is { } configuration)
            return configuration;
        throw new UsageException(string.Join("; ", reading.Problems.Select(p =>
            $"{(p.File.Length > 0 ? $"{p.File}: " : "")}{p.Message}{(p.Nearest is { } near ? $". Did you mean '{near}'?" : "")}")));
    }
}
