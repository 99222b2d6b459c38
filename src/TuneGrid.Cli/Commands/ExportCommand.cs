using System.CommandLine;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Training.Export;

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
            var found = await ModelFinder.FindAsync(new CommandContext(console), store.Read(parsed), parsed.GetValue(model), cancellation);
            var target = parsed.GetValue(path)!;
            if (Directory.Exists(target))
                throw new UsageException($"--out '{target}' is a folder; expected a file to write");
            foreach (var file in ModelExport.Run(found, parsed.GetValue(format), target))
                console.Out.WriteLine(file);
            return ExitCodes.Fine;
        });
        return command;
    }
}
