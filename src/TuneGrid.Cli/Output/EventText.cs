using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Cli.Output;

/// <summary>One event of a ledger for people and for programs, without the secret of its lease.</summary>
internal static class EventText
{
    /// <summary>As it stands in the ledger.</summary>
    public static JsonObject Json(StudyEvent change)
    {
        var json = JsonNode.Parse(EventJson.Write(change))!.AsObject();
        json.Remove("token");
        return json;
    }

    /// <summary>Half a sentence: what happened to which trial.</summary>
    public static string Line(StudyEvent change) => change switch
    {
        TrialProposed e => $"{e.Trial} is proposed in bracket {Number(e.Bracket)}{By(e)}: {e.Configuration}",
        TrialPromoted e => $"{e.Trial} is promoted to rung {Number(e.ToRung + 1)}: {Reason(e.Why)}",
        SegmentLeased e => $"{e.Trial} is leased to {e.Silo} from {Exact(e.FromAmount)} to rung {Number(e.Rung + 1)}",
        RungReached e => $"{e.Trial} reached rung {Number(e.Rung + 1)} with {Exact(e.Result.BitsPerByte)}",
        TrialCompleted e => $"{e.Trial} is completed with {Exact(e.Result.BitsPerByte)}",
        SegmentDisturbed e => $"{e.Trial} is run again: its silo was disturbed",
        TrialFailed e => $"{e.Trial} failed as {e.Kind.ToString().ToLowerInvariant()}: {e.Reason}",
        LeaseExpired e => $"{e.Trial}'s lease {e.Fence.Value.ToString(CultureInfo.InvariantCulture)} expired",
        ProposalsEnded e => $"no more is proposed for {e.Class}: {e.Reason}",
        StudyCompleted => "the study is completed",
        _ => Terminal.Json.Text(Json(change)),
    };

    /// <summary>"1.25 is rank 1 of 9, the cutoff 1.5".</summary>
    private static string Reason(PromotionReason why) =>
        $"{Exact(why.Score)} is rank {Number(why.Rank + 1)} of {Number(why.Competitors)}, the cutoff {Exact(why.Cutoff)}"
        + (why.Probability is { } probability ? $", p = {Exact(probability)}" : "") + (why.Control == true ? ", as the control" : "");

    private static string By(TrialProposed proposed) => proposed.Why is { } why ? $" by {why.By}" : "";

    /// <summary>Every digit: two events may differ in the last.</summary>
    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
