using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Replaying;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Output;

/// <summary>What other rules would have done, and what halving saved.</summary>
internal static class WhatIfText
{
    private const int MostNamed = 12;

    public static void Write(TextWriter writer, WhatIfReport report, string rules, BudgetKind unit)
    {
        writer.WriteLine($"{report.Class}, with {rules}:");
        writer.WriteLine(
            $"{Text.Duration(report.Seconds)} of training instead of {Text.Duration(report.RecordedSeconds)}, "
            + $"{Text.Duration(report.WallSeconds)} on {Number(report.Silos)} {(report.Silos == 1 ? "silo" : "silos")}; "
            + Champion(report, unit));
        if (report.Exact < report.Proposed)
        {
            writer.WriteLine(
                $"{Number(report.Exact)} of its {Number(report.Proposed)} proposals were trained as they are; the others stand for "
                + "the nearest that was");
        }
        var table = new TextTable("rung", "at", "entered", "promoted", "recorded", "other promotions");
        foreach (var (index, rung) in report.Rungs.Index())
        {
            table.Add(
                Number(index + 1), Text.Amount(rung.Amount, unit), Number(rung.Entered), Number(rung.Promoted.Count),
                rung.Recorded is { } recorded ? Number(recorded.Count) : "-", Difference(rung));
        }
        table.Write(writer);
        if (report.Needed.Count == 0)
            writer.WriteLine("every score that it needs is known");
        else
            writer.WriteLine($"not known, and assumed from how the others went on: {Needed(report.Needed, unit)}");
    }

    public static JsonObject Describe(WhatIfReport report) => new()
    {
        ["hardware_class"] = report.Class.Key,
        ["silos"] = report.Silos,
        ["proposed"] = report.Proposed,
        ["proposed_as_recorded"] = report.Exact,
        ["device_seconds"] = Json.Number(report.Seconds),
        ["recorded_device_seconds"] = Json.Number(report.RecordedSeconds),
        ["wall_seconds"] = Json.Number(report.WallSeconds),
        ["best"] = report.Best?.Number,
        ["bits_per_byte"] = Json.Number(report.BestScore),
        ["champion"] = report.Champion?.Number,
        ["champion_found"] = report.ChampionIsFound,
        ["champion_stopped_at"] = Json.Number(report.ChampionStoppedAt),
        ["rungs"] = Json.Array(report.Rungs.Select(r => new JsonObject
        {
            ["amount"] = r.Amount, ["entered"] = r.Entered, ["promoted"] = Numbers(r.Promoted), ["stopped"] = Numbers(r.Stopped),
            ["recorded_promoted"] = r.Recorded is { } recorded ? Numbers(recorded) : null,
        })),
        ["needed"] = Json.Array(report.Needed.Select(n => new JsonObject
        {
            ["trial"] = n.Trial.Number, ["amount"] = n.Amount, ["assumed_bits_per_byte"] = Json.Number(n.Assumed),
        })),
    };

    public static void Write(TextWriter writer, HalvingSavings savings)
    {
        var saved = savings.Whole > 0 ? Text.Percent(1 - (savings.Spent / savings.Whole)) : "-";
        writer.WriteLine(
            $"{savings.Class}: halving spent {Text.Duration(savings.Spent)} of training ({Text.Duration(savings.Lost)} of it lost); "
            + $"the whole budget for every trial would have been {Text.Duration(savings.Whole)}: {saved} saved");
        writer.WriteLine(savings.Missed.Probability is { } missed
            ? $"a stopped trial would have beaten the champion with p = {Share(missed)}, "
                + $"by how {Number(savings.Missed.Pairs)} trials went on"
            : $"whether a stopped trial would have beaten the champion can't be estimated: {savings.Missed.WhyNot}");
    }

    public static JsonObject Describe(HalvingSavings savings) => new()
    {
        ["hardware_class"] = savings.Class.Key,
        ["device_seconds"] = Json.Number(savings.Spent),
        ["lost_seconds"] = Json.Number(savings.Lost),
        ["device_seconds_without"] = Json.Number(savings.Whole),
        ["missed_probability"] = Json.Number(savings.Missed.Probability),
        ["pairs"] = savings.Missed.Pairs,
        ["why_not"] = savings.Missed.WhyNot,
    };

    private static string Champion(WhatIfReport report, BudgetKind unit)
    {
        if (report.Champion is not { } champion)
            return "the study has no champion";
        if (report.ChampionIsFound)
            return $"the champion {champion} is found" + (report.Best == champion ? "" : $", and {report.Best} is better");
        var best = report.Best is { } other
            ? $", and {other} wins with {Text.Score(report.BestScore ?? double.NaN)}{(IsAssumed(report, other) ? ", as assumed" : "")}"
            : "";
        return report.ChampionStoppedAt is { } at
            ? $"the champion {champion} is missed: it stops at {Text.Amount(at, unit)}{best}"
            : $"the champion {champion} is missed: it is not proposed{best}";
    }

    private static bool IsAssumed(WhatIfReport report, TrialId trial) =>
        report.Needed.Any(n => n.Trial == trial && n.Amount.Equals(report.Rungs[^1].Amount));

    private static string Difference(WhatIfRung rung)
    {
        if (rung.Recorded is not { } recorded)
            return rung.Promoted.Count > 0 ? $"+ {Names(rung.Promoted)}" : "";
        var (more, fewer) = (rung.Promoted.Except(recorded).ToList(), recorded.Except(rung.Promoted).ToList());
        var signed = new[] { (Sign: "+", Trials: more), (Sign: "-", Trials: fewer) };
        return string.Join("; ", signed.Where(d => d.Trials.Count > 0).Select(d => $"{d.Sign} {Names(d.Trials)}"));
    }

    private static string Needed(IReadOnlyList<NeededScore> needed, BudgetKind unit) =>
        string.Join(", ", needed.Take(MostNamed).Select(n => $"{n.Trial} at {Text.Amount(n.Amount, unit)}"))
        + (needed.Count > MostNamed ? $" and {Number(needed.Count - MostNamed)} more" : "");

    private static string Names(IReadOnlyList<TrialId> trials) =>
        string.Join(" ", trials.Take(MostNamed)) + (trials.Count > MostNamed ? $" and {Number(trials.Count - MostNamed)} more" : "");

    private static JsonArray Numbers(IReadOnlyList<TrialId> trials) => Json.Array(trials.Select(t => JsonValue.Create(t.Number)));

    private static string Share(double share) => share.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
