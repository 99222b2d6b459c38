using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Terminal;
using TuneGrid.Search.Reading;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Cli.Simulations;

/// <summary>What searches in virtual time found, for programs and for people.</summary>
internal static class ReplayText
{
    public static JsonObject Describe(ReplayReport report, ReplayOptions options)
    {
        var json = Figures(report, options);
        // Only a search that ended before its budget has named one.
        if (report.Champion is { } champion)
            json["champion"] = new JsonObject { ["regret"] = Rounded(champion.Regret), ["is_best"] = champion.IsBest };
        return json;
    }

    private static JsonObject Figures(ReplayReport report, ReplayOptions options) => new()
    {
        ["table"] = report.Task,
        ["seed"] = report.Seed,
        ["sampler"] = TypeNames.NameOf(options.Sampler),
        ["scheduler"] = TypeNames.NameOf(options.Scheduler),
        ["workers"] = options.Workers,
        ["trials"] = report.Trials,
        ["fifth"] = Describe(report.Fifth),
        ["half"] = Describe(report.Half),
        ["whole"] = Describe(report.Whole),
    };

    /// <summary>One line per table, medians over its seeds; below, their mean over the tables.</summary>
    public static void Print(CliConsole console, IReadOnlyList<ReplayReport> reports)
    {
        var table = new TextTable("table", "seeds", "trials", "fifth", "half", "whole", "full fifth", "full half", "full whole");
        var lines = reports.GroupBy(r => r.Task).Select(g => (Task: g.Key, Reports: g.ToList(), Values: Medians(g))).ToList();
        foreach (var (task, of, values) in lines)
            Add(task, of, values);
        if (lines.Count > 1)
            Add("mean", reports, [.. Enumerable.Range(0, 6).Select(i => Mean([.. lines.Select(l => l.Values[i])]))]);
        table.Write(console.Out);

        void Add(string name, IReadOnlyList<ReplayReport> of, double?[] values) => table.Add([
            name, of.DistinctBy(r => r.Seed).Count().ToString(CultureInfo.InvariantCulture),
            Median([.. of.Select(r => (double?)r.Trials)])!.Value.ToString("F0", CultureInfo.InvariantCulture),
            .. values.Select(v => v?.ToString("F3", CultureInfo.InvariantCulture) ?? "-"),
        ]);
    }

    private static double?[] Medians(IEnumerable<ReplayReport> reports)
    {
        var all = reports.ToList();
        Func<ReplayReport, double?>[] figures =
            [r => r.Fifth.Any, r => r.Half.Any, r => r.Whole.Any, r => r.Fifth.Full, r => r.Half.Full, r => r.Whole.Full];
        return [.. figures.Select(f => Median([.. all.Select(f)]))];
    }

    /// <summary>Null, which is worse than any regret, if most are.</summary>
    private static double? Median(IReadOnlyList<double?> values)
    {
        var sorted = values.OrderBy(v => v ?? double.PositiveInfinity).ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double? Mean(IReadOnlyList<double?> values) => values.Contains(null) ? null : values.Average();

    private static JsonObject Describe(Regret regret) =>
        new() { ["regret_any"] = Rounded(regret.Any), ["regret_full"] = Rounded(regret.Full) };

    /// <summary>To four digits, as a decimal number rounds.</summary>
    private static JsonNode? Rounded(double? value) => value is { } number
        ? JsonValue.Create(double.Parse(number.ToString("F4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)) : null;
}
