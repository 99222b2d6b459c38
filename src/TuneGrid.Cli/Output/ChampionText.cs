using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Cli.Output;

/// <summary>How good a champion is, in words and in JSON: one run's score, or the mean of several with what it lies in.</summary>
internal static class ChampionText
{
    /// <summary>
    /// "1.2500 bits per byte, perplexity 9.10", or "1.2500 bits per byte over 3 runs (90 %: 1.2400 to 1.2600), a tie with t0".
    /// </summary>
    public static string Score(Champion champion) => champion is { Mean: { } mean, Interval: var (lower, upper) }
        ? string.Create(CultureInfo.InvariantCulture,
            $"{Text.Score(mean)} bits per byte over {champion.Repeats + 1} runs (90 %: {Text.Score(lower)} to {Text.Score(upper)})")
            + (champion.Ties is { Count: > 0 } ties ? $", a tie with {string.Join(", ", ties)}" : "")
        : string.Create(CultureInfo.InvariantCulture,
            $"{Text.Score(champion.Result.BitsPerByte)} bits per byte, perplexity {champion.Result.Perplexity:0.00}");

    /// <summary>Which run's model is kept where there are several, and its own score; null where there is one.</summary>
    public static string? Kept(Champion champion) => champion.Mean is null ? null : string.Create(CultureInfo.InvariantCulture,
        $"model kept: {champion.ModelTrial}'s, the nearest to that mean: {Text.Score(champion.Result.BitsPerByte)} bits per byte, "
        + $"perplexity {champion.Result.Perplexity:0.00}");

    /// <summary>Adds by what the champion was chosen, beside the score of the run whose model is kept.</summary>
    public static JsonObject AddTo(JsonObject json, Champion champion)
    {
        json["score"] = Json.Number(champion.Score);
        json["mean"] = Json.Number(champion.Mean);
        json["interval"] = champion.Interval is var (lower, upper) ? Json.Array([Json.Number(lower), Json.Number(upper)]) : null;
        json["repeats"] = champion.Repeats;
        json["ties"] = Json.Array((champion.Ties ?? []).Select(t => (JsonNode?)t.Number));
        json["model_trial"] = champion.ModelTrial.Number;
        return json;
    }
}
