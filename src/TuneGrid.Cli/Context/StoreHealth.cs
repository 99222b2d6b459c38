using System.Diagnostics;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Cli.Context;

/// <summary>Whether the store opens and answers, and how quickly.</summary>
/// <param name="Problem">What is wrong, or null.</param>
internal sealed record StoreHealth(string Location, int Studies, double AnswerSeconds, string? Problem)
{
    public static async Task<StoreHealth> CheckAsync(CommandContext context, StoreChoice store, CancellationToken cancellation)
    {
        var location = context.Location(store).ToString();
        try
        {
            await using var opened = await context.OpenStoreAsync(store, cancellation);
            var started = Stopwatch.GetTimestamp();
            var studies = await opened.Studies.ListAsync(cancellation);
            return new(location, studies.Count, Stopwatch.GetElapsedTime(started).TotalSeconds, null);
        }
        catch (Exception e) when (e is StoreUnusableException or StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            return new(location, 0, 0, e.Message.ReplaceLineEndings(" "));
        }
    }

    public JsonObject Describe() => new()
    {
        ["location"] = Location,
        ["health"] = Problem is null ? "fine" : "broken",
        ["problem"] = Problem,
        ["studies"] = Problem is null ? Studies : null,
        ["answer_seconds"] = Problem is null ? Json.Number(AnswerSeconds) : null,
    };
}
