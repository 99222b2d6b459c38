using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Sessions;
using TuneGrid.Cli.Telemetry;
using TuneGrid.Cli.Terminal;
using TuneGrid.Training;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid train</c>: one configuration alone.</summary>
internal static class TrainCommand
{
    public static Command Create(CliConsole console)
    {
        var flags = new TrainingFlags();
        var budget = new Option<string>("--budget")
        {
            Description = "Training seconds, or 200steps, 1e6tokens", HelpName = "AMOUNT", DefaultValueFactory = _ => "300",
        };
        var corpus = new Option<string>("--corpus")
        {
            Description = "auto, storybook, tinystories, or one you added", DefaultValueFactory = _ => "auto",
        };
        var text = new Option<string?>("--eval-text") { Description = "Score this text too", HelpName = "FILE" };
        var model = new Option<string?>("--model", "--out")
        {
            Description = "Where the model is saved [default: under ~/.tunegrid/models]", HelpName = "PATH",
        };
        var (seed, threads) = (CommonOptions.Seed("Seed of weights and data order [default: 0]"), CommonOptions.Threads());
        var (output, trace) = (CommonOptions.Output(), new TraceFlag());
        var command = new Command("train", "Trains one configuration alone and scores it.")
        {
            budget, corpus, seed, threads, text, model, output,
        };
        flags.AddTo(command);
        trace.AddTo(command);
        var backend = new BackendFlag().AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(flags.Set) is ["help"])
                return Task.FromResult(ListOptions(console));
            var request = new TrainingRequest(
                flags.Read(parsed), TrainingFlags.Budget(parsed.GetValue(budget)!), parsed.GetValue(corpus)!, parsed.GetValue(seed) ?? 0,
                CommandContext.ThreadsOrDefault(parsed.GetValue(threads)), backend.Read(parsed),
                InputFile.OptionalOrdinary(parsed.GetValue(text)),
                parsed.GetValue(model));
            using var tracing = Tracing.Start(trace.Read(parsed), console.Error);
            return Task.FromResult(new TrainingRun(console, request, parsed.GetValue(output)).Run(cancellation));
        });
        return command;
    }

    private static int ListOptions(CliConsole console)
    {
        var table = new TextTable("option", "default", "values", "what");
        foreach (var option in OptionCatalog.All)
        {
            var values = option.Kind switch
            {
                OptionKind.Boolean => "true, false",
                OptionKind.Text => string.Join(", ", option.Choices),
                _ => string.Create(CultureInfo.InvariantCulture, $"{option.Minimum} to {option.Maximum}"),
            };
            var usual = Convert.ToString(option.Default, CultureInfo.InvariantCulture)!.ToLowerInvariant();
            table.Add(option.Name, usual, values, option.Summary);
        }
        table.Write(console.Out);
        return ExitCodes.Fine;
    }
}
