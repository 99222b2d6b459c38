using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Output;

/// <summary>
/// A study's result for one hardware class, as the one JSON object that <c>search</c>, <c>resume</c> and <c>show</c> print.
/// </summary>
internal static class StudyReport
{
    /// <param name="modelPath">A path to the champion's model, or null if there is no champion.</param>
    public static JsonObject Of(StudyView view, HardwareClass hardware, string? modelPath, double wallSeconds, DateTimeOffset now)
    {
        var report = Counts(view, hardware, modelPath, wallSeconds, now);
        if (view.Trials.Count(t => t.Class == hardware && t.RepeatOf is not null) is > 0 and var repeats)
            report["repeats"] = repeats;
        // Absent where the study got all the trials that it asked for.
        if (view.ProposalsEnded(hardware) is { } reason)
            report["proposals_ended"] = reason;
        if (view.Space?.Note is { } note)
            report["note"] = note;
        return report;
    }

    private static JsonObject Counts(
        StudyView view, HardwareClass hardware, string? modelPath, double wallSeconds, DateTimeOffset now) => new()
    {
        ["study"] = view.Id.Value,
        ["status"] = view.Status.ToString().ToLowerInvariant(),
        ["corpus"] = view.Corpus?.Name,
        ["hardware_class"] = hardware.Key,
        ["trials"] = view.Own.Count(t => t.Class == hardware),
        ["failed"] = view.Trials.Count(t => t.Class == hardware && t.Status == TrialStatus.Failed),
        ["best"] = view.Champion(hardware) is { } champion ? Best(champion, modelPath) : null,
        ["rungs"] = Json.Array(view.Rungs(hardware).Select(r => Rung(r, view.Space?.Budget.Kind ?? BudgetKind.Seconds))),
        ["wall_seconds"] = Json.Number(wallSeconds),
        ["busy_fraction"] = Json.Number(view.BusyFraction(now)),
    };

    /// <summary>The class to report: the one that was asked for if it trained here, else the busiest.</summary>
    public static HardwareClass ClassOf(StudyView view, HardwareClass wanted) =>
        view.Classes.Count == 0 || view.Classes.Contains(wanted) ? wanted : view.Classes[0];

    private static JsonObject Best(ChampionView champion, string? modelPath)
    {
        var result = champion.Result;
        var best = new JsonObject
        {
            ["trial"] = champion.Id.Number,
            ["config"] = champion.Configuration.ToJson(),
            ["bits_per_byte"] = Json.Number(result.BitsPerByte),
            ["perplexity"] = Json.Number(result.Perplexity),
            ["parameters"] = result.Parameters,
            ["tokens"] = result.Tokens,
            ["tokens_per_second"] = Json.Number(
                result.TrainingSeconds > 0 ? result.Tokens / result.TrainingSeconds : result.TokensPerSecond),
            ["training_seconds"] = Json.Number(result.TrainingSeconds),
            ["model"] = modelPath,
        };
        ChampionText.AddTo(best, champion.Crowned);
        if (result.Disturbed)
            best["disturbed"] = true;
        // Absent, not zero, where no silo could measure it.
        if (champion.Joules is { } joules)
            best["joules"] = joules;
        if (champion.Run.Curve.Count > 0)
            best["curve"] = Curve(champion.Run);
        return best;
    }

    /// <summary>What was evaluated of a trial, each point with its amount in budget units.</summary>
    public static JsonArray Curve(TrialView trial) => Json.Array(trial.Curve.Select(p => new JsonObject
    {
        ["amount"] = Json.Number(p.Amount),
        ["bits_per_byte"] = Json.Number(p.Score),
    }));

    /// <summary>A rung's amount stands under its unit's name; "seconds" is always there, null where the budget is something else.</summary>
    private static JsonObject Rung(RungView rung, BudgetKind unit)
    {
        var json = new JsonObject { ["seconds"] = unit == BudgetKind.Seconds ? rung.Amount : null };
        if (unit != BudgetKind.Seconds)
            json[unit.ToString().ToLower(CultureInfo.InvariantCulture)] = rung.Amount;
        json["entered"] = rung.Entered;
        json["promoted"] = rung.Promoted;
        if (rung.Disturbed > 0)
            json["disturbed"] = rung.Disturbed;
        return json;
    }
}
