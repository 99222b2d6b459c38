using System.CommandLine;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Scheduling;
using TuneGrid.Silo.Segments;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid retry STUDY TRIAL</c>: a failed trial is tried again, toward the rung that it failed on.</summary>
internal static class RetryCommand
{
    public static Command Create(CliConsole console)
    {
        var (study, store, output) = (CommonOptions.StudyArgument(), new StoreFlag(), CommonOptions.Output());
        var trial = CommonOptions.RequiredTrialArgument("The failed trial, for example t6");
        var command = new Command("retry", "Tries a failed trial again; a study that has completed is open again.")
        {
            study, trial, output,
        };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await new CommandContext(console).OpenStoreAsync(store.Read(parsed), cancellation);
            var summary = await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation);
            var (id, follower) = (parsed.GetValue(trial), new StudyFollower(opened.Studies, summary.Id, SpacePlanner.Read));
            if (!await follower.RetryAsync(id, cancellation))
                throw new UsageException(WhyNot(follower.State, id));
            var view = new StudyView(follower.State).Trial(id)!;
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Json.Write(console, new JsonObject
                {
                    ["study"] = summary.Id.Value, ["trial"] = id.Number, ["status"] = view.Status.ToString().ToLowerInvariant(),
                    ["rung"] = view.Rung,
                });
                return ExitCodes.Fine;
            }
            var how = view.Status == TrialStatus.Paused ? $"waits at rung {view.Rung + 1} again" : $"goes for rung {view.Rung + 1} again";
            var next = summary.IsOpen ? "" : $"; go on with: tunegrid resume {summary.Id}";
            console.Word.WriteLine($"{id} of {summary.Id} {how}{next}");
            return ExitCodes.Fine;
        });
        return command;
    }

    private static string WhyNot(StudyState state, TrialId id) =>
        state.Status == StudyStatus.Cancelled ? $"{state.Id} was cancelled; nothing of it is tried again"
        : new StudyView(state).Trial(id) is not { } known ? $"{state.Id} has no trial {id}; 'tunegrid trials {state.Id}' lists them"
        : known.Status != TrialStatus.Failed ? $"{id} of {state.Id} has not failed: it is {known.Status.ToString().ToLowerInvariant()}"
        : $"the time of {state.Id} is over; nothing of it is tried again";
}
