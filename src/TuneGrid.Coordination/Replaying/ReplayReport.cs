using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Coordination.Replaying;

/// <summary>The first event of a ledger that does not follow from the rules.</summary>
/// <param name="Sequence">Its number, from 1.</param>
/// <param name="Recorded">What stands there.</param>
/// <param name="Expected">What follows from the rules in its place; null if nothing does.</param>
public sealed record ReplayDifference(long Sequence, StudyEvent Recorded, StudyEvent? Expected);

/// <summary>What came of deciding a ledger again.</summary>
/// <param name="Events">How many were folded.</param>
/// <param name="Reproduced">Of each kind of event, by its name in the ledger, how many came out as recorded.</param>
/// <param name="Inputs">Events that follow from no rule: what people asked for, and what silos found out.</param>
/// <param name="Unchecked">Events of an older release, whose rules this one does not have any more.</param>
/// <param name="Difference">Where the ledger and the rules part; null if they nowhere do.</param>
public sealed record ReplayReport(
    long Events, IReadOnlyDictionary<string, int> Reproduced, int Inputs, int Unchecked, ReplayDifference? Difference)
{
    /// <summary>How many events came out as recorded.</summary>
    public int Decisions => Reproduced.Values.Sum();
}
