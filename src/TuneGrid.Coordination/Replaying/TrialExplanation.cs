using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Replaying;

/// <summary>How a trial did at one rung that it reached.</summary>
/// <param name="Rung">From 0.</param>
/// <param name="Amount">Where it lies, in budget units.</param>
/// <param name="Score">Lower is better.</param>
/// <param name="Rank">0 is the best of the rung: when it was promoted, or as it stands now.</param>
/// <param name="Competitors">How many had entered the rung then; those that failed on the way to it count, as the worst.</param>
/// <param name="Places">How many the rung may promote of so many.</param>
/// <param name="Cutoff">The worst score among as many of the best as the rung could promote; null if that is none.</param>
/// <param name="Segment">The run that reached it.</param>
/// <param name="Promoted">Why it went on; null if it did not.</param>
public sealed record RungExplanation(
    int Rung, double Amount, double Score, int Rank, int Competitors, int Places, double? Cutoff, Segment Segment,
    PromotionReason? Promoted);

/// <summary>A run of a trial that did not lead to its rung, or did with a silo that was slower than it should be.</summary>
/// <param name="Reason">What the silo said; null where the event has no more to say.</param>
public sealed record DisturbanceExplanation(Segment Segment, string? Reason);

/// <summary>Why a trial was proposed, went on and stopped, put together from its study's ledger.</summary>
/// <param name="Trial">As it stands.</param>
/// <param name="ProposedAt">By the store's clock.</param>
/// <param name="Rungs">That it has a score at, lowest first.</param>
/// <param name="Disturbances">In the order in which they happened.</param>
/// <param name="RetriedAt">When people asked to try it again after it had failed, by the store's clock.</param>
public sealed record TrialExplanation(
    Trial Trial, DateTimeOffset ProposedAt, IReadOnlyList<RungExplanation> Rungs, IReadOnlyList<DisturbanceExplanation> Disturbances,
    IReadOnlyList<DateTimeOffset> RetriedAt)
{
    /// <summary>Returns what there is to say of one trial.</summary>
    /// <param name="state">What the ledger leads to.</param>
    /// <param name="ledger">From the first event on.</param>
    /// <exception cref="ArgumentException">The study has no such trial.</exception>
    public static TrialExplanation Of(StudyState state, IReadOnlyList<RecordedEvent> ledger, TrialId id)
    {
        var trial = state.Trial(id);
        var proposed = ledger.Select(e => e.Event).OfType<TrialProposed>().First(e => e.Trial == id);
        var promotions = ledger.Select(e => e.Event).OfType<TrialPromoted>().Where(e => e.Trial == id)
            .GroupBy(e => e.Why.Rung).ToDictionary(g => g.Key, g => g.Last().Why);
        var reasons = ledger.Select(e => e.Event switch
        {
            TrialReleased r when r.Trial == id => (r.Fence, r.Reason),
            CheckpointLost r when r.Trial == id => (r.Fence, r.Reason),
            _ => default,
        }).Where(r => r.Reason is not null).ToLookup(r => r.Fence, r => r.Reason);
        var rungs = Enumerable.Range(0, trial.Rungs.Count).Where(r => trial.Rungs[r] is not null)
            .Select(r => At(state, trial, r, promotions.GetValueOrDefault(r)));
        var disturbed = trial.Segments
            .Where(s => s.End is not (SegmentEnd.Running or SegmentEnd.Reached or SegmentEnd.Failed) || s.Result is { Disturbed: true })
            .Select(s => new DisturbanceExplanation(s, reasons[s.Fence].FirstOrDefault()));
        var retried = ledger.Select(e => e.Event).OfType<TrialRetried>().Where(e => e.Trial == id).Select(e => e.At);
        return new(trial, proposed.At, [.. rungs], [.. disturbed], [.. retried]);
    }

    private static RungExplanation At(StudyState state, Trial trial, int rung, PromotionReason? promoted)
    {
        var score = trial.Rungs[rung]!.BitsPerByte;
        var segment = trial.Segments.Last(s => s.Rung == rung && s.End == SegmentEnd.Reached);
        if (promoted is not null)
        {
            return new(
                rung, trial.Bracket.Rungs[rung], promoted.Score, promoted.Rank, promoted.Competitors,
                promoted.Competitors / state.Space.Scheduler.Eta, promoted.Cutoff, segment, promoted);
        }
        var entered = Entered(state, trial, rung);
        var places = rung == trial.Rungs.Count - 1 ? 0 : entered.Count / state.Space.Scheduler.Eta;
        var rank = entered.FindIndex(e => e.Trial == trial.Id);
        return new(
            rung, trial.Bracket.Rungs[rung], score, rank, entered.Count, places, places > 0 ? entered[places - 1].Score : null, segment,
            null);
    }

    /// <summary>Everybody who came to the rung or failed on the way to it, best first.</summary>
    private static List<(double Score, TrialId Trial)> Entered(StudyState state, Trial trial, int rung) =>
    [
        .. state.Trials.Where(t => t.Class == trial.Class && t.Bracket.Index == trial.Bracket.Index)
            .Where(t => t.Rungs[rung] is not null || (t.Phase is TrialPhase.Failed && FailedOn(t) == rung))
            .Select(t => (Score: t.Rungs[rung]?.BitsPerByte ?? double.PositiveInfinity, Trial: t.Id)).Order(),
    ];

    private static int FailedOn(Trial trial) => trial.Rungs.ToList().FindLastIndex(r => r is not null) + 1;
}
