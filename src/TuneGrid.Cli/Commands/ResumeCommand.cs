using System.CommandLine;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Sessions;
using TuneGrid.Cli.Telemetry;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Silo.Hosting;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid resume STUDY</c>: goes on with a study that was interrupted, or shows the result of one that has ended.</summary>
internal static class ResumeCommand
{
    public static Command Create(CliConsole console)
    {
        var study = CommonOptions.StudyArgument();
        var noSilo = new Option<bool>("--no-silo") { Description = "Train nothing here: only follow it" };
        var detach = CommonOptions.Detach();
        var (threads, store) = (CommonOptions.Threads(), new StoreFlag());
        var (output, trace) = (CommonOptions.Output(), new TraceFlag());
        var command = new Command("resume", "Goes on with a study.") { study, noSilo, detach, threads, output };
        store.AddTo(command);
        trace.AddTo(command);
        var backend = new BackendFlag().AddTo(command);
        var tls = new TlsFlag().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(detach) && !Background.IsHere(console))
                return await Background.StartAsync(console, parsed.GetValue(output), cancellation);
            if (parsed.GetValue(detach))
                Background.Leave(console);
            var context = new CommandContext(console) { Backend = backend.Read(parsed) };
            var security = tls.Read(parsed, console, line => context.Report(line));
            await using var opened = await context.OpenStoreAsync(store.Read(parsed), cancellation);
            var summary = await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation);
            using var tracing = Tracing.Start(trace.Read(parsed), console.Error);
            if (summary.Status == StudyStatus.Cancelled)
                throw new UsageException($"{summary.Id} was cancelled; 'tunegrid show {summary.Id}' shows what it found");
            var silo = parsed.GetValue(noSilo) || !summary.IsOpen ? null : context.Silo(parsed.GetValue(threads));
            if (summary.Status == StudyStatus.Paused)
            {
                await using var control = await ClusterControl.OpenAsync(opened, security, cancellation);
                await control.ResumeAsync(summary.Id, cancellation);
            }
            var options = new SessionOptions(silo, parsed.GetValue(output), security)
            {
                Started = parsed.GetValue(detach) && summary.IsOpen
                    ? () => Background.LetGo(console, context.Home.Folder, summary.Id) : null,
            };
            return await new SearchSession(console, context, opened, options).RunAsync(summary.Id, cancellation);
        });
        return command;
    }
}
