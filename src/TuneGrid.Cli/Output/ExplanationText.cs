using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination.Replaying;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Output;

/// <summary>A trial's life in about ten lines, or as JSON.</summary>
internal static class ExplanationText
{
    /// <summary>More are counted only.</summary>
    private const int MostDisturbances = 3;

    public static IEnumerable<string> Lines(StudyState state, TrialExplanation explanation)
    {
        var (trial, unit) = (explanation.Trial, state.Space.Budget.Kind);
        yield return $"{trial.Id} of {state.Id}: {Standing(state, trial)}; class {trial.Class}";
        yield return $"  {trial.Configuration}";
        yield return $"proposed {Text.Duration((explanation.ProposedAt - state.Created.At).TotalSeconds)} after the start: {Why(trial)}";
        foreach (var rung in explanation.Rungs)
            yield return $"rung {Place(rung.Rung + 1)} at {Text.Amount(rung.Amount, unit)}: {Rung(state, trial, rung)}";
        if (trial.Segments.Count > 0)
            yield return $"ran on {string.Join(", ", trial.Segments.GroupBy(s => s.Silo).Select(g => $"{g.Key} ({Segments(g.Count())})"))}";
        foreach (var disturbance in explanation.Disturbances.Take(MostDisturbances))
            yield return $"disturbed: {Disturbance(disturbance, state)}";
        if (explanation.Disturbances.Count > MostDisturbances)
            yield return $"disturbed {Place(explanation.Disturbances.Count - MostDisturbances)} more times";
        if (explanation.RetriedAt is [.., var retried])
            yield return $"tried again {Text.Duration((retried - state.Created.At).TotalSeconds)} after the start: a person asked for it";
        if (trial.Phase is TrialPhase.Failed failed)
            yield return $"failed: {failed.Kind.ToString().ToLowerInvariant()}: {failed.Reason}";
    }

    public static JsonObject Describe(StudyState state, TrialExplanation explanation)
    {
        var trial = explanation.Trial;
        return new()
        {
            ["study"] = state.Id.Value,
            ["trial"] = trial.Id.Number,
            ["status"] = new TrialView(trial, state.IsOpen).Status.ToString().ToLowerInvariant(),
            ["champion"] = IsChampion(state, trial),
            ["hardware_class"] = trial.Class.Key,
            ["bracket"] = trial.Bracket.Index,
            ["config"] = trial.Configuration.ToJson(),
            ["proposed_at"] = Json.Time(explanation.ProposedAt),
            ["proposed_by"] = trial.Why?.By,
            ["why"] = trial.Why?.Text,
            ["repeat_of"] = trial.RepeatOf?.Number,
            ["rungs"] = Json.Array(explanation.Rungs.Select(r => Describe(state, trial, r))),
            ["segments"] = Json.Array(trial.Segments.Select(Describe)),
            ["disturbances"] = Json.Array(explanation.Disturbances.Select(d => new JsonObject
            {
                ["segment"] = d.Segment.Number, ["end"] = End(d.Segment), ["silo"] = d.Segment.Silo.Value, ["reason"] = d.Reason,
            })),
            ["retried_at"] = Json.Array(explanation.RetriedAt.Select(r => JsonValue.Create(Json.Time(r)))),
            ["failure"] = trial.Phase is TrialPhase.Failed failed
                ? new JsonObject { ["kind"] = failed.Kind.ToString().ToLowerInvariant(), ["reason"] = failed.Reason } : null,
        };
    }

    private static JsonObject Describe(StudyState state, Trial trial, RungExplanation rung) => new()
    {
        ["rung"] = rung.Rung,
        ["amount"] = rung.Amount,
        ["bits_per_byte"] = Json.Number(rung.Score),
        ["rank"] = rung.Rank + 1,
        ["competitors"] = rung.Competitors,
        ["places"] = rung.Places,
        ["cutoff"] = Json.Number(rung.Cutoff),
        ["probability"] = Json.Number(rung.Promoted?.Probability),
        ["decision"] = Decision(state, trial, rung),
        ["silo"] = rung.Segment.Silo.Value,
    };

    private static JsonObject Describe(Segment segment) => new()
    {
        ["segment"] = segment.Number,
        ["silo"] = segment.Silo.Value,
        ["host"] = segment.Host,
        ["rung"] = segment.Rung,
        ["from"] = segment.FromAmount,
        ["to"] = segment.ToAmount,
        ["end"] = End(segment),
        ["started_at"] = Json.Time(segment.StartedAt),
        ["ended_at"] = segment.EndedAt is { } ended ? Json.Time(ended) : null,
        ["relative_speed"] = Json.Number(segment.Result?.RelativeSpeed),
    };

    private static string Standing(StudyState state, Trial trial)
    {
        var status = new TrialView(trial, state.IsOpen).Status.ToString().ToLowerInvariant();
        return IsChampion(state, trial) ? $"{status}, the champion" : status;
    }

    private static bool IsChampion(StudyState state, Trial trial) =>
        state.Champions.TryGetValue(trial.Class, out var champion) && champion.Trial == trial.Id;

    private static string Why(Trial trial)
    {
        var repeat = trial.RepeatOf is { } original ? $"{original} again, on a fresh seed" : null;
        if (trial.Why is not { } why)
            return repeat ?? "drawn by a release that did not say why";
        var text = why.Text ?? repeat;
        return text is null ? $"by {why.By}" : $"by {why.By}, {text}";
    }

    private static string Rung(StudyState state, Trial trial, RungExplanation rung)
    {
        var cutoff = rung.Cutoff is { } score ? $", cutoff {Text.Score(score)}" : "";
        return $"{Text.Score(rung.Score)}, rank {Place(rung.Rank + 1)} of {Place(rung.Competitors)}{cutoff}: "
            + Decision(state, trial, rung);
    }

    private static string Decision(StudyState state, Trial trial, RungExplanation rung) => rung switch
    {
        { Promoted.Control: true } => "went on as the control, whatever its place",
        { Promoted: { } why } when rung.Rank < rung.Places => $"went on, among the best {Place(rung.Places)}{Sureness(why)}",
        { Promoted: { } why } => $"went on as the best that was left{Sureness(why)}",
        _ when rung.Rung == trial.Rungs.Count - 1 => "the whole budget",
        _ when trial.IsOver => "ended here",
        _ when state.IsOpen => $"waits; {Place(rung.Places)} may go on",
        _ => $"stopped; {(rung.Places == 1 ? "1 place was" : $"{Place(rung.Places)} places were")} there to go on",
    };

    /// <summary>", better than who stayed with p = 0.93", or nothing where the noise of the class is unknown.</summary>
    private static string Sureness(PromotionReason why) => why.Probability is { } probability
        ? string.Create(CultureInfo.InvariantCulture, $", better than who stayed with p = {probability:0.00}")
        : "";

    private static string Disturbance(DisturbanceExplanation disturbance, StudyState state)
    {
        var segment = disturbance.Segment;
        var what = segment.End switch
        {
            SegmentEnd.Expired => $"{segment.Silo} fell silent",
            SegmentEnd.Paused => $"{segment.Silo} was asked to stop",
            SegmentEnd.Damaged => $"its checkpoint could not be used on {segment.Silo}",
            SegmentEnd.Released => $"{segment.Silo} could not run it",
            SegmentEnd.Cancelled => $"ended by a person on {segment.Silo}",
            _ => $"{segment.Silo} was slower than its norm{(segment.End == SegmentEnd.Disturbed ? ", run again" : ", kept all the same")}",
        };
        var when = Text.Duration(((segment.EndedAt ?? segment.StartedAt) - state.Created.At).TotalSeconds);
        return $"{what} on the way to rung {Place(segment.Rung + 1)}, {when} after the start"
            + (disturbance.Reason is { } reason ? $": {reason}" : "");
    }

    private static string End(Segment segment) => segment.End.ToString().ToLowerInvariant();

    private static string Segments(int count) => count == 1 ? "1 segment" : $"{Place(count)} segments";

    private static string Place(int number) => number.ToString(CultureInfo.InvariantCulture);
}
