using System.CommandLine;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Search.Scheduling;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid cancel STUDY [TRIAL]</c>: no trial of it, or this one, starts or goes on; what was found stays.</summary>
internal static class CancelCommand
{
    private const string Reason = "asked by a person";

    public static Command Create(CliConsole console)
    {
        var (study, store) = (CommonOptions.StudyArgument(), new StoreFlag());
        var trial = CommonOptions.TrialArgument("Only this trial, for example t6 [default: the whole study]");
        var command = new Command("cancel", "Ends a study, or one trial of it, before its time.") { study, trial };
        store.AddTo(command);
        var tls = new TlsFlag().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var security = tls.Read(parsed, console, console.Error.WriteLine);
            await using var opened = await new CommandContext(console).OpenStoreAsync(store.Read(parsed), cancellation);
            var summary = await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation);
            if (!summary.IsOpen)
                throw new UsageException($"{summary.Id} is already {summary.Status.ToString().ToLowerInvariant()}");
            await using var control = await ClusterControl.OpenAsync(opened, security, cancellation);
            if (parsed.GetValue(trial) is { } only)
                await CancelTrialAsync(console, opened, control, summary.Id, only, cancellation);
            else
                await CancelStudyAsync(console, opened, control, summary.Id, cancellation);
            return ExitCodes.Fine;
        });
        return command;
    }

    private static async Task CancelStudyAsync(
        CliConsole console, OpenedStore opened, ClusterControl control, StudyId study, CancellationToken cancellation)
    {
        await control.CancelAsync(study, Reason, cancellation);
        console.Word.WriteLine($"{study} is cancelled; its silos stop within seconds");
        // Nobody else does: no silo is left to find that the study has ended. One that writes a segment now deletes it when it is refused.
        await opened.Sweep().TidyAsync(CancellationToken.None);
    }

    private static async Task CancelTrialAsync(
        CliConsole console, OpenedStore opened, ClusterControl control, StudyId study, TrialId trial, CancellationToken cancellation)
    {
        if (!await control.CancelAsync(study, trial, Reason, cancellation))
        {
            var view = await StudyView.ReadAsync(opened.Studies, study, cancellation);
            throw new UsageException(view?.Trial(trial) is { } known
                ? $"{trial} of {study} is already {known.Status.ToString().ToLowerInvariant()}"
                : $"{study} has no trial {trial}; 'tunegrid trials {study}' lists them");
        }
        console.Word.WriteLine($"{trial} of {study} is cancelled");
    }
}
