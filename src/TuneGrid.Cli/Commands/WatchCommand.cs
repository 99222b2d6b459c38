using System.CommandLine;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Sessions;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;

namespace TuneGrid.Cli.Commands;

/// <summary>
/// <c>tunegrid watch STUDY</c>: the live view of any study, from any machine that reaches its store, until it ends. Looking changes
/// nothing.
/// </summary>
internal static class WatchCommand
{
    public static Command Create(CliConsole console)
    {
        var (study, store, output) = (CommonOptions.StudyArgument(), new StoreFlag(), CommonOptions.Output());
        var command = new Command("watch", "Shows a study as it goes, until it ends; Ctrl-C ends the view alone.") { study, output };
        store.AddTo(command);
        var tls = new TlsFlag().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var context = new CommandContext(console);
            var security = tls.Read(parsed, console, line => context.Report(line));
            await using var opened = await context.OpenStoreAsync(store.Read(parsed), cancellation);
            var summary = await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation);
            var options = new SessionOptions(null, parsed.GetValue(output), security) { OnlyWatches = true };
            return await new SearchSession(console, context, opened, options).RunAsync(summary.Id, cancellation);
        });
        return command;
    }
}
