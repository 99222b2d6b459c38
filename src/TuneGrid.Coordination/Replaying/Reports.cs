using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Replaying;

/// <summary>What a silo must have reported for an event to follow.</summary>
/// <param name="Fence">The one that it reported under.</param>
internal sealed record ImpliedReport(TrialId Trial, Fence Fence, SegmentOutcome Outcome);

/// <summary>Reads reports back from what they led to.</summary>
internal static class Reports
{
    /// <summary>Returns null for an event that no report leads to.</summary>
    public static ImpliedReport? OutcomeOf(StudyEvent change) => change switch
    {
        RungReached e => new(e.Trial, e.Fence, new SegmentOutcome.Reached(e.Result)),
        SegmentDisturbed e => new(e.Trial, e.Fence, new SegmentOutcome.Reached(e.Discarded)),
        TrialPaused e => new(e.Trial, e.Fence, new SegmentOutcome.Stopped(e.Amount, e.Checkpoint)),
        TrialReleased e => new(e.Trial, e.Fence, new SegmentOutcome.Released(e.Cause, e.Reason)),
        TrialFailed e => new(e.Trial, e.Fence, new SegmentOutcome.Failed(e.Kind, e.Reason)),
        _ => null,
    };
}
