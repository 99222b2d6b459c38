using System.CommandLine;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination.Replaying;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid explain STUDY TRIAL</c>: why a trial was proposed, went on and stopped, and what came in its way.</summary>
internal static class ExplainCommand
{
    public static Command Create(CliConsole console)
    {
        var (study, store, output) = (CommonOptions.StudyArgument(), new StoreFlag(), CommonOptions.Output());
        var trial = CommonOptions.RequiredTrialArgument("A trial, for example t6");
        var command = new Command("explain", "Says why a trial was proposed, went on and stopped.") { study, trial, output };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await new CommandContext(console).OpenStoreAsync(store.Read(parsed), cancellation);
            var id = (await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation)).Id;
            var ledger = await opened.Studies.ReadAsync(id, 0, cancellation);
            var state = LedgerFold.Of(id, ledger);
            var wanted = parsed.GetValue(trial);
            if (wanted.Number >= state.Trials.Count)
                throw new UsageException($"{id} has no trial {wanted}; 'tunegrid trials {id}' lists them");
            var explanation = TrialExplanation.Of(state, ledger, wanted);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Json.Write(console, ExplanationText.Describe(state, explanation));
                return ExitCodes.Fine;
            }
            foreach (var line in ExplanationText.Lines(state, explanation))
                console.Out.WriteLine(Printable.Line(line));
            return ExitCodes.Fine;
        });
        return command;
    }
}
