using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Replaying;

/// <summary>Whether an event says what the rules say. What no rule decides is left out: times, trace contexts, amounts of memory.</summary>
internal static class RecordedComparison
{
    public static bool Agrees(StudyEvent recorded, StudyEvent expected) => Bare(expected, recorded) == Bare(recorded, recorded);

    /// <param name="change">The one of the two that is laid bare.</param>
    /// <param name="recorded">What an older release did not write can't be compared.</param>
    private static StudyEvent Bare(StudyEvent change, StudyEvent recorded)
    {
        StudyEvent bare = (change, recorded) switch
        {
            (TrialProposed e, TrialProposed r) => e with { Trace = null, Why = r.Why is null ? null : e.Why },
            (SegmentLeased e, SegmentLeased r) => e with
            {
                Trace = null, Token = r.Token is null ? null : e.Token, Host = r.Host is null ? null : e.Host,
            },
            // What a trial takes with a silo's threads, and what the silo had: only the silo knew.
            (TrialFailed { Kind: FailureKind.Infeasible } e, TrialFailed) => e with { Reason = "" },
            _ => change,
        };
        return bare with { At = default };
    }
}
