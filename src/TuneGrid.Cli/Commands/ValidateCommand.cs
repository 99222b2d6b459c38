using System.CommandLine;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Terminal;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Hardware;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid validate FILE</c>: every mistake of a search space at once, or what a search of it would take.</summary>
internal static class ValidateCommand
{
    public static Command Create(CliConsole console)
    {
        var file = new Argument<string>("file") { Description = "A search space, or - for stdin" };
        var set = TrainingFlags.SetOption("Overrides a field of the file, for example budget.seconds=60; repeat for more");
        var (threads, store, output) = (CommonOptions.Threads(), new StoreFlag(), CommonOptions.Output());
        var command = new Command("validate", "Checks a search space file, and says what a search of it would take.")
        {
            file, set, threads, output,
        };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var reading = SpaceFile.Read(console, parsed.GetValue(file)!, parsed.GetValue(set) ?? []);
            var plan = reading.Space is { } valid
                ? await PlanAsync(new(console), valid, store.Read(parsed), parsed.GetValue(threads), cancellation)
                : null;
            if (parsed.GetValue(output) == OutputFormat.Json)
                Json.Write(console, Describe(reading, plan));
            else if (reading.Space is { } space)
                Print(console, [$"{parsed.GetValue(file)}: {SpaceFile.Summary(space)}", .. plan!.Lines()]);
            else
                SpaceFile.PrintProblems(console, reading);
            return reading.Space is null ? ExitCodes.BadInput : ExitCodes.Fine;
        });
        return command;
    }

    private static async Task<StudyPlan> PlanAsync(
        CommandContext context, SearchSpace space, StoreChoice store, int? threads, CancellationToken cancellation)
    {
        var count = CommandContext.ThreadsOrDefault(threads);
        var noise = await KnownNoise.FindAsync(context, store, space, count, cancellation);
        return StudyPlan.Of(space, noise, count, Machine.Here.MemoryLeftBytes);
    }

    private static void Print(CliConsole console, IEnumerable<string> lines)
    {
        foreach (var line in lines)
            console.Out.WriteLine(line);
    }

    private static JsonObject Describe(SpaceReading reading, StudyPlan? plan) => new()
    {
        ["valid"] = reading.Space is not null,
        ["problems"] = Json.Array(reading.Problems.Select(p => new JsonObject
        {
            ["file"] = p.File, ["line"] = p.Line, ["column"] = p.Column,
            ["pointer"] = p.Pointer, ["message"] = p.Message, ["nearest"] = p.Nearest,
        })),
        ["plan"] = plan?.ToJson(),
    };
}
