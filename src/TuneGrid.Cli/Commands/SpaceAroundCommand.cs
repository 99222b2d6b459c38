using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Search.Analysis;
using TuneGrid.Search.Reading;
using TuneGrid.Silo.Segments;
using TuneGrid.Training.Files;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid space around STUDY --out FILE</c>: a narrower space around the champion.</summary>
internal static class SpaceAroundCommand
{
    private const double DefaultFactor = 3;

    public static Command Create(CliConsole console)
    {
        var (study, store, output) = (CommonOptions.StudyArgument(), new StoreFlag(), CommonOptions.Output());
        var factor = CommonOptions.Real("--factor", "What every range is divided by, on its own scale [default: 3]", 1, 1000);
        var path = new Option<string>("--out") { Description = "The file to write", HelpName = "FILE", Required = true };
        var force = new Option<bool>("--force") { Description = "Overwrite the file if there is one" };
        var command = new Command("around", "Writes a narrower search space around a study's champion.")
        {
            study, factor, path, force, output,
        };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var context = new CommandContext(console);
            var target = Checked(parsed.GetValue(path)!, parsed.GetValue(force));
            await using var opened = await context.OpenStoreAsync(store.Read(parsed), cancellation);
            var id = (await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation)).Id;
            var state = LedgerFold.Of(id, await opened.Studies.ReadAsync(id, 0, cancellation));
            var hardware = StudyReport.ClassOf(new StudyView(state), context.Class(CommandContext.ThreadsOrDefault(null)));
            if (!state.Champions.TryGetValue(hardware, out var champion))
                throw new UsageException($"{id} has no champion yet: no trial has spent the whole budget");
            var by = parsed.GetValue(factor) ?? DefaultFactor;
            var json = NarrowedSpace.Around(state.Space, state.Created.Space, champion.Configuration, by);
            var reading = SearchSpaceReader.Read(json, target, TrainingParameterCatalog.Instance, []);
            if (reading.Space is null)
            {
                // A constraint may leave nothing where the space is that narrow.
                SpaceFile.PrintProblems(console, reading);
                throw new ExitException(ExitCodes.Failure);
            }
            return Write(console, target, json, () => Tell(console, parsed.GetValue(output), new JsonObject
            {
                ["file"] = target,
                ["study"] = id.Value,
                ["trial"] = champion.Trial.Number,
                ["factor"] = by,
                ["space"] = JsonNode.Parse(json),
            }));
        });
        return command;
    }

    private static string Checked(string path, bool isForced)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new UsageException("--out is empty; expected a file to write");
        if (Directory.Exists(path))
            throw new UsageException($"--out '{path}' is a folder; expected a file to write");
        if (File.Exists(path) && FileKinds.Of(path) != FileKind.Special && !isForced)
            throw new UsageException($"there is a file '{path}' already; choose another --out, or overwrite it with --force");
        return path;
    }

    private static int Write(CliConsole console, string path, string json, Action tell)
    {
        try
        {
            AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(json + "\n")));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            console.Error.WriteLine($"tunegrid: --out '{path}' could not be written: {fault.Message}");
            return ExitCodes.NotWritten;
        }
        tell();
        return ExitCodes.Fine;
    }

    private static void Tell(CliConsole console, OutputFormat output, JsonObject written)
    {
        if (output == OutputFormat.Json)
            Json.Write(console, written);
        else
        {
            console.Word.WriteLine(
                $"{written["file"]}: around t{written["trial"]} of {written["study"]}; search it with: tunegrid search {written["file"]}");
        }
    }
}
