using System.CommandLine;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Silo.Hosting;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid pause STUDY</c>: what runs writes a checkpoint at its next step and waits, until <c>resume</c>.</summary>
internal static class PauseCommand
{
    public static Command Create(CliConsole console)
    {
        var (study, store) = (CommonOptions.StudyArgument(), new StoreFlag());
        var command = new Command("pause", "Lets a study wait: running trials write a checkpoint and give their silo free.") { study };
        store.AddTo(command);
        var tls = new TlsFlag().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var security = tls.Read(parsed, console, console.Error.WriteLine);
            await using var opened = await new CommandContext(console).OpenStoreAsync(store.Read(parsed), cancellation);
            var summary = await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation);
            if (summary.Status != StudyStatus.Running)
                throw new UsageException($"{summary.Id} is already {summary.Status.ToString().ToLowerInvariant()}");
            await using var control = await ClusterControl.OpenAsync(opened, security, cancellation);
            await control.PauseAsync(summary.Id, "asked by a person", cancellation);
            console.Word.WriteLine($"{summary.Id} is paused, nothing is lost; go on with: tunegrid resume {summary.Id}");
            return ExitCodes.Fine;
        });
        return command;
    }
}
