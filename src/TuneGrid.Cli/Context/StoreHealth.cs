using System.Diagnostics;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Silo.Segments;

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
            var answered = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var broken = await BrokenAsync(opened.Studies, studies, cancellation);
            return new(location, studies.Count, answered, broken.Count > 0 ? string.Join(". ", broken) : null);
        }
        catch (Exception e) when (e is StoreUnusableException or StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            return new(location, 0, 0, e.Message.ReplaceLineEndings(" "));
        }
    }

    /// <summary>What is wrong with studies whose header can't be read, or with the ledger of one that may go on.</summary>
    private static async Task<IReadOnlyList<string>> BrokenAsync(IStudyStore store, StudyList studies, CancellationToken cancellation)
    {
        var broken = studies.Broken.Select(b => b.Message).ToList();
        foreach (var study in studies.Where(s => s.IsOpen))
        {
            try
            {
                await new StudyFollower(store, study.Id, SpacePlanner.Read).RefreshAsync(cancellation);
            }
            catch (LedgerCorruptException fault)
            {
                broken.Add(fault.Message);
            }
        }
        return broken;
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
