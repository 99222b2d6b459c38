using System.CommandLine;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Training.Export;
using TuneGrid.Training.Files;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid export [MODEL] --format FORMAT --out PATH</c>: for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create(CliConsole console)
    {
        var model = CommonOptions.ModelArgument();
        var format = CommonOptions.Choice<ExportFormat>("--format", "What to write [default: safetensors]");
        var path = new Option<string>("--out") { Description = "Where to write it", HelpName = "PATH", Required = true };
        var command = new Command("export", "Writes a model for other programs.") { model, format, path };
        var store = new StoreFlag().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var found = await ModelFinder.FindAsync(
                new CommandContext(console), store.Read(parsed), parsed.GetValue(model), console.Error, cancellation);
            var target = parsed.GetValue(path)!;
            if (string.IsNullOrWhiteSpace(target))
                throw new UsageException("--out is empty; expected a file to write");
            if (Directory.Exists(target))
                throw new UsageException($"--out '{target}' is a folder; expected a file to write");
            return Write(console, found, parsed.GetValue(format), target);
        });
        return command;
    }

    private static int Write(CliConsole console, string model, ExportFormat format, string target)
    {
        try
        {
            // What goes to a pipe must hold nothing but the model.
            var told = FileKinds.Of(target) == FileKind.Special ? console.Error : console.Word;
            foreach (var file in ModelExport.Run(model, format, target))
                told.WriteLine(file);
            return ExitCodes.Fine;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            console.Error.WriteLine($"tunegrid: --out '{target}' could not be written: {fault.Message}");
            return ExitCodes.NotWritten;
        }
    }
}
