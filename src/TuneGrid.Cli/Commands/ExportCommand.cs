using System.CommandLine;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Simulations;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Training.Export;
using TuneGrid.Training.Files;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid export [MODEL] --format FORMAT --out PATH</c>: a model, or a study's learning curves, for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create(CliConsole console)
    {
        var model = CommonOptions.ModelArgument();
        var format = CommonOptions.Choice<ExportChoice>(
            "--format", "What to write; table: a study's learning curves, as 'tunegrid simulate' reads them [default: safetensors]");
        var path = new Option<string>("--out") { Description = "Where to write it", HelpName = "PATH", Required = true };
        var hardware = new Option<string?>("--class")
        {
            Description = "With --format table: the hardware class whose trials it has [default: the one with the most]",
            HelpName = "KEY",
        };
        var command = new Command("export", "Writes a model, or a study's learning curves, for other programs.")
        {
            model, format, path, hardware,
        };
        var store = new StoreFlag().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(format) == ExportChoice.Table)
            {
                var (study, kind, file) = (parsed.GetValue(model), parsed.GetValue(hardware), Target(parsed.GetValue(path)!));
                return await StudyTableFile.WriteAsync(console, store.Read(parsed), study, kind, file, cancellation);
            }
            var found = await ModelFinder.FindAsync(
                new CommandContext(console), store.Read(parsed), parsed.GetValue(model), console.Error, cancellation);
            return Write(console, found, (ExportFormat)parsed.GetValue(format), Target(parsed.GetValue(path)!));
        });
        return command;
    }

    private static string Target(string path) =>
        string.IsNullOrWhiteSpace(path) ? throw new UsageException("--out is empty; expected a file to write")
        : Directory.Exists(path) ? throw new UsageException($"--out '{path}' is a folder; expected a file to write")
        : path;

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

    /// <summary>The formats of models, and one of studies.</summary>
    private enum ExportChoice
    {
        Safetensors = ExportFormat.Safetensors,
        Llama2c = ExportFormat.Llama2c,
        Gguf = ExportFormat.Gguf,
        Table,
    }
}
