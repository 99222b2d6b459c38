using System.CommandLine;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Terminal;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid validate FILE</c>: every mistake of a search space at once.</summary>
internal static class ValidateCommand
{
    public static Command Create(CliConsole console)
    {
        var file = new Argument<string>("file") { Description = "A search space, or - for stdin" };
        var set = TrainingFlags.SetOption("Overrides a field of the file, for example budget.seconds=60; repeat for more");
        var output = CommonOptions.Output();
        var command = new Command("validate", "Checks a search space file.") { file, set, output };
        command.SetAction(parsed =>
        {
            var reading = SpaceFile.Read(console, parsed.GetValue(file)!, parsed.GetValue(set) ?? []);
            if (parsed.GetValue(output) == OutputFormat.Json)
                Json.Write(console, Describe(reading));
            else if (reading.Space is { } space)
                console.Out.WriteLine($"{parsed.GetValue(file)}: {SpaceFile.Summary(space)}");
            else
                SpaceFile.PrintProblems(console, reading);
            return reading.Space is null ? ExitCodes.BadInput : ExitCodes.Fine;
        });
        return command;
    }

    private static JsonObject Describe(SpaceReading reading) => new()
    {
        ["valid"] = reading.Space is not null,
        ["problems"] = Json.Array(reading.Problems.Select(p => new JsonObject
        {
            ["file"] = p.File, ["line"] = p.Line, ["column"] = p.Column,
            ["pointer"] = p.Pointer, ["message"] = p.Message, ["nearest"] = p.Nearest,
        })),
    };
}
