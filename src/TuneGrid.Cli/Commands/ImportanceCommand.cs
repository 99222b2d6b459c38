using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Analysis;
using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid importance STUDY</c>: which parameters matter, at each rung.</summary>
internal static class ImportanceCommand
{
    public static Command Create(CliConsole console)
    {
        var (study, store, output) = (CommonOptions.StudyArgument(), new StoreFlag(), CommonOptions.Output());
        var rung = CommonOptions.Integer("--rung", "Only this rung, from 1 [default: every rung]", 1, 1024);
        var command = new Command("importance", "Says which parameters matter, by PED-ANOVA and fANOVA.") { study, rung, output };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await new CommandContext(console).OpenStoreAsync(store.Read(parsed), cancellation);
            var id = (await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation)).Id;
            var state = LedgerFold.Of(id, await opened.Studies.ReadAsync(id, 0, cancellation));
            var rungs = new StudyView(state).Rungs(null).Select(r => r.Amount).ToList();
            if (parsed.GetValue(rung) is { } wanted && wanted > rungs.Count)
                throw new UsageException($"--rung is {wanted}; {id} has {rungs.Count} rungs");
            var found = Find(state, rungs, parsed.GetValue(rung) - 1);
            if (found.All(f => f.Trials.Count == 0))
                throw new UsageException($"no trial of {id} has reached {(parsed.GetValue(rung) is null ? "a rung" : "that rung")} yet");
            if (parsed.GetValue(output) == OutputFormat.Json)
                Json.Write(console, Json.Array(found.Select(Describe)));
            else
                Print(console, state.Space, found);
            return ExitCodes.Fine;
        });
        return command;
    }

    private static List<RungImportance> Find(StudyState state, List<double> rungs, int? wanted) =>
    [
        .. from hardware in state.Classes
           from amount in rungs.Index()
           where wanted is null || amount.Index == wanted
           let trials = Trials(state, hardware.Class, amount.Item)
           where trials.Count > 0 || wanted is not null
           select new RungImportance(
               hardware.Class, amount.Index, amount.Item, trials,
               trials.Count < ParameterImportances.LeastTrials ? null : ParameterImportances.Of(state.Space, trials)),
    ];

    /// <summary>Repeats are of configurations that count already.</summary>
    private static List<(Configuration Configuration, double Score)> Trials(StudyState state, HardwareClass hardware, double amount) =>
    [
        .. from trial in state.Trials
           where trial.Class == hardware && trial.RepeatOf is null
           let rung = trial.Bracket.Rungs.IndexOf(amount)
           where rung >= 0 && trial.Rungs[rung] is { BitsPerByte: var score } && double.IsFinite(score)
           select (trial.Configuration, trial.Rungs[rung]!.BitsPerByte),
    ];

    private static void Print(CliConsole console, SearchSpace space, IReadOnlyList<RungImportance> found)
    {
        foreach (var rung in found)
        {
            console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{rung.Class}, rung {rung.Rung + 1} at {Text.Amount(rung.Amount, space.Budget.Kind)}, {rung.Trials.Count} trials"));
            if (rung.Parameters is null)
            {
                console.Out.WriteLine($"too few to tell: at least {ParameterImportances.LeastTrials} have to get there");
                continue;
            }
            var table = new TextTable("parameter", "ped-anova", "90 %", "fanova", "90 %");
            foreach (var parameter in rung.Parameters)
            {
                table.Add(
                    parameter.Name, Share(parameter.PedAnova.Value), Interval(parameter.PedAnova),
                    Share(parameter.Fanova.Value), Interval(parameter.Fanova));
            }
            table.Write(console.Out);
        }
    }

    private static JsonObject Describe(RungImportance rung) => new()
    {
        ["hardware_class"] = rung.Class.Key,
        ["rung"] = rung.Rung,
        ["amount"] = rung.Amount,
        ["trials"] = rung.Trials.Count,
        ["least_trials"] = ParameterImportances.LeastTrials,
        ["parameters"] = rung.Parameters is null ? null : Json.Array(rung.Parameters.Select(p => new JsonObject
        {
            ["parameter"] = p.Name, ["ped_anova"] = Describe(p.PedAnova), ["fanova"] = Describe(p.Fanova),
        })),
    };

    private static JsonObject Describe(ImportanceEstimate estimate) => new()
    {
        ["value"] = Json.Number(estimate.Value), ["low"] = Json.Number(estimate.Low), ["high"] = Json.Number(estimate.High),
    };

    private static string Share(double share) => share.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Interval(ImportanceEstimate estimate) => $"{Share(estimate.Low)} to {Share(estimate.High)}";

    /// <param name="Rung">From 0, among all rungs of the study.</param>
    /// <param name="Parameters">Null if there are too few trials.</param>
    private sealed record RungImportance(
        HardwareClass Class, int Rung, double Amount, List<(Configuration Configuration, double Score)> Trials,
        IReadOnlyList<ParameterImportance>? Parameters);
}
