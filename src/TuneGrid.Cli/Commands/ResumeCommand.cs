using System.CommandLine;
using System.Globalization;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Sessions;
using TuneGrid.Cli.Telemetry;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid resume STUDY</c>: goes on with a study that was interrupted, or shows the result of one that has ended.</summary>
internal static class ResumeCommand
{
    private const string Key = "trials";
    private const int MostTrials = 1_000_000;

    public static Command Create(CliConsole console)
    {
        var study = CommonOptions.StudyArgument();
        var noSilo = new Option<bool>("--no-silo") { Description = "Train nothing here: only follow it" };
        var detach = CommonOptions.Detach();
        var set = new Option<string[]>("--set")
        {
            Description = "More trials, for example trials=54; also of a study that has completed", HelpName = "trials=N",
            Arity = ArgumentArity.OneOrMore,
        };
        var (threads, store) = (CommonOptions.Threads(), new StoreFlag());
        var (output, trace) = (CommonOptions.Output(), new TraceFlag());
        var command = new Command("resume", "Goes on with a study.") { study, set, noSilo, detach, threads, output };
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
            var trials = (parsed.GetValue(set) ?? []).Select(Trials).Cast<int?>().LastOrDefault();
            var context = new CommandContext(console) { Backend = backend.Read(parsed) };
            var security = tls.Read(parsed, console, line => context.Report(line));
            await using var opened = await context.OpenStoreAsync(store.Read(parsed), cancellation);
            var summary = await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation);
            using var tracing = Tracing.Start(trace.Read(parsed), console.Error);
            if (summary.Status == StudyStatus.Cancelled)
                throw new UsageException($"{summary.Id} was cancelled; 'tunegrid show {summary.Id}' shows what it found");
            if (trials is { } more)
                summary = await ExtendAsync(opened, summary, more, cancellation);
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

    /// <exception cref="UsageException">Something else than a number of trials.</exception>
    private static int Trials(string assignment)
    {
        var (name, value) = assignment.Split('=', 2) is [var n, var v] ? (n, v) : (assignment, "");
        if (name != Key)
        {
            throw new UsageException(
                $"--set is '{assignment}'; of a study that has begun only trials can be changed, as in --set trials=54");
        }
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var trials) && trials is >= 1 and <= MostTrials
            ? trials
            : throw new UsageException($"--set is '{assignment}'; expected a whole number from 1 to {MostTrials}");
    }

    /// <summary>Returns the study's new header.</summary>
    /// <exception cref="UsageException">It has more trials, or no time left.</exception>
    private static async Task<StudySummary> ExtendAsync(
        OpenedStore opened, StudySummary study, int trials, CancellationToken cancellation)
    {
        var follower = new StudyFollower(opened.Studies, study.Id, SpacePlanner.Read);
        await follower.RefreshAsync(cancellation);
        if (follower.State.Space.Trials > trials)
        {
            throw new UsageException(
                $"{study.Id} has {follower.State.Space.Trials} trials already; expected at least as many, not {trials}");
        }
        if (!await follower.ExtendAsync(trials, cancellation) && follower.State.Space.Trials < trials)
            throw new UsageException($"the time of {study.Id} is over: it proposes no more trials");
        return follower.State.Summary;
    }
}
