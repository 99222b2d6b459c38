using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Terminal;
using TuneGrid.Search.Reading;
using TuneGrid.Simulation.Surrogates;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Cli.Simulations;

/// <summary>What searches of a surrogate found, for programs and for people.</summary>
internal static class SurrogateText
{
    private const double SecondsPerHour = 3600;

    public static JsonObject Describe(SurrogateReport report, ReplayOptions options) => new()
    {
        ["sampler"] = TypeNames.NameOf(options.Sampler),
        ["seed"] = report.Seed,
        ["trials"] = report.Trials,
        ["failed"] = report.Failed,
        ["device_hours"] = Math.Round(report.DeviceSeconds / SecondsPerHour, 2),
        ["best"] = new JsonObject(report.Best.Select(b => KeyValuePair.Create(
            b.After.ToString(CultureInfo.InvariantCulture), b.Score is { } score ? (JsonNode)Math.Round(score, 6) : null))),
    };

    public static void Print(CliConsole console, IReadOnlyList<SurrogateReport> reports)
    {
        var table = new TextTable("after", "seeds", "mean", "median", "best", "worst", "failed");
        foreach (var (after, index) in reports[0].Best.Select((b, index) => (b.After, index)))
        {
            var scores = reports.Select(r => r.Best[index].Score).OfType<double>().Order().ToList();
            var failed = reports.Sum(r => (double)r.Failed) / reports.Sum(r => r.Trials);
            table.Add([
                after.ToString(CultureInfo.InvariantCulture), scores.Count.ToString(CultureInfo.InvariantCulture),
                .. scores.Count == 0 ? ["-", "-", "-", "-"] : (string[])[
                    Score(scores.Average()), Score((scores[(scores.Count - 1) / 2] + scores[scores.Count / 2]) / 2), Score(scores[0]),
                    Score(scores[^1])],
                Text.Percent(failed),
            ]);
        }
        table.Write(console.Out);

        static string Score(double score) => score.ToString("F5", CultureInfo.InvariantCulture);
    }
}
