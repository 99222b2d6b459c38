using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid trials STUDY</c>: every trial with its configuration and what it showed.</summary>
internal static class TrialsCommand
{
    public static Command Create(CliConsole console)
    {
        var (study, store, output) = (CommonOptions.StudyArgument(), new StoreFlag(), CommonOptions.Output());
        var command = new Command("trials", "Lists a study's trials.") { study, output };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await new CommandContext(console).OpenStoreAsync(store.Read(parsed), cancellation);
            var summary = await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation);
            var view = (await StudyView.ReadAsync(opened.Studies, summary.Id, cancellation))!;
            if (parsed.GetValue(output) == OutputFormat.Json)
                Json.Write(console, view.Trials.Select(Describe));
            else if (view.Trials.Count == 0)
                console.Error.WriteLine($"{summary.Id} has no trials yet");
            else
                Print(console, view);
            return ExitCodes.Fine;
        });
        return command;
    }

    private static JsonObject Describe(TrialView trial)
    {
        var json = new JsonObject
        {
            ["trial"] = trial.Id.Number,
            ["status"] = trial.Status.ToString().ToLowerInvariant(),
            ["hardware_class"] = trial.Class.Key,
            ["bracket"] = trial.Bracket,
            ["rung"] = trial.Rung,
            ["segments"] = trial.Segments,
            ["config"] = trial.Configuration.ToJson(),
            ["bits_per_byte"] = Json.Number(trial.Result?.BitsPerByte),
            ["perplexity"] = Json.Number(trial.Result?.Perplexity),
            ["parameters"] = trial.Result?.Parameters,
            ["tokens"] = trial.Result?.Tokens,
            ["steps"] = trial.Result?.Steps,
            ["tokens_per_second"] = Json.Number(trial.Result?.TokensPerSecond),
            ["relative_speed"] = Json.Number(trial.Result?.RelativeSpeed),
            ["disturbed"] = trial.IsDisturbed,
            ["reruns"] = trial.Reruns,
            ["training_seconds"] = Json.Number(trial.Result?.TrainingSeconds),
            ["peak_memory_bytes"] = trial.Result?.PeakMemoryBytes,
            ["failure"] = trial.Failure.Length > 0 ? trial.Failure : null,
        };
        if (trial.RepeatOf is { } original)
            json["repeat_of"] = original.Number;
        // Absent, not zero, where no silo could measure it.
        if (trial.Joules is { } joules)
            json["joules"] = joules;
        if (trial.Curve.Count > 0)
            json["curve"] = StudyReport.Curve(trial);
        return json;
    }

    private static void Print(CliConsole console, StudyView view)
    {
        var isMeasured = view.Trials.Any(t => t.Joules is not null);
        string[] energy = isMeasured ? ["joules"] : [];
        var table = new TextTable(["trial", "status", "rung", "bits/byte", "trained", "tokens/s", "norm", .. energy, "configuration"]);
        foreach (var trial in view.Trials)
        {
            table.Add([
                trial.Id.ToString(), trial.Status.ToString().ToLowerInvariant(), (trial.Rung + 1).ToString(CultureInfo.InvariantCulture),
                trial.Result is { } result ? Text.Score(result.BitsPerByte) : "-",
                trial.Result is { } r ? Text.Duration(r.TrainingSeconds) : "-",
                trial.Result is { } s ? Text.Count(s.TokensPerSecond) : "-",
                Norm(trial),
                .. isMeasured ? [trial.Joules is { } joules ? Text.Count(joules) : "-"] : Array.Empty<string>(),
                Words(trial),
            ]);
        }
        table.Write(console.Out);
    }

    private static string Words(TrialView trial) =>
        (trial.RepeatOf is { } original ? $"{original} again" : trial.Configuration.ToString())
        + (trial.Failure.Length > 0 ? $"  ({trial.Failure})" : "");

    /// <summary>How its last segment's speed compares with its silo's norm, and whether a score of it came from a disturbed silo.</summary>
    private static string Norm(TrialView trial) =>
        (trial.Result?.RelativeSpeed is { } speed ? Text.Percent(speed) : "-")
        + (trial.IsDisturbed ? " disturbed" : "")
        + (trial.Reruns > 0 ? string.Create(CultureInfo.InvariantCulture, $" {trial.Reruns} rerun") : "");
}
