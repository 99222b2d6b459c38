using System.CommandLine;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Work;
using TuneGrid.Silo.Segments;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid cancel STUDY</c>: no trial of it starts or goes on; what was found stays.</summary>
internal static class CancelCommand
{
    public static Command Create(CliConsole console)
    {
        var (study, store) = (CommonOptions.StudyArgument(), new StoreFlag());
        var command = new Command("cancel", "Ends a study before its time.") { study };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await new Workplace(console).OpenStoreAsync(store.Read(parsed), cancellation);
            var summary = await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation);
            var watcher = new StudyWatcher(opened.Studies, summary.Id, SpacePlanner.Read);
            if (!await watcher.CancelAsync("asked by a person", cancellation))
                throw new UsageException($"{summary.Id} is already {watcher.State.Status.ToString().ToLowerInvariant()}");
            console.Out.WriteLine($"{summary.Id} is cancelled; its silos stop within seconds");
            // Nobody else does: no silo is left to find that the study has ended. A segment that is being written right now is left to 'store sweep'.
            await new ArtifactSweep(opened.Studies, opened.Artifacts, SpacePlanner.Read).AfterStudyAsync(summary.Id, cancellation);
            return ExitCodes.Fine;
        });
        return command;
    }
}
