using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Work;

/// <summary>Work that a silo holds the lease of.</summary>
/// <param name="Fence">Goes with every renewal and with the report.</param>
/// <param name="Rung">Where the order leads, counted from 0.</param>
public sealed record Assignment(SegmentOrder Order, Fence Fence, int Rung);

/// <summary>A free silo asks.</summary>
/// <param name="WasTraining">It has just handed in a segment, or just started: worth a closer look at whether the study has ended.</param>
/// <param name="IsLocal">Whether this silo has a copy of an artifact.</param>
public sealed record WorkRequest(SiloDescription Silo, bool WasTraining, Func<ArtifactHash, bool> IsLocal);

/// <param name="Work">Null if there is none for this silo now.</param>
/// <param name="IsOver">The study has ended.</param>
/// <param name="Ended">What was found, if this very question ended it.</param>
/// <param name="Superfluous">Artifacts nobody needs any more: the caller deletes them.</param>
public sealed record WorkAnswer(Assignment? Work, bool IsOver, StudySummary? Ended, IReadOnlyList<ArtifactHash> Superfluous);

/// <param name="IsRecorded">The ledger has it; otherwise the fence was old.</param>
/// <param name="Superfluous">Artifacts nobody needs any more: the caller deletes them.</param>
/// <param name="Next">Work that the silo got along with its report; null says nothing about whether there is any.</param>
public sealed record ReportAnswer(bool IsRecorded, IReadOnlyList<ArtifactHash> Superfluous, Assignment? Next = null);

/// <summary>
/// Where a silo gets work and hands in what became of it: the rules over a study's ledger, in this process or behind a grain. Any number of desks may serve one
/// study. A call whose answer was lost may be repeated: the lease is then taken up, the report is known. Throws what <see cref="IStudyStore"/> throws.
/// </summary>
public interface IWorkDesk
{
    /// <exception cref="LedgerCorruptException">The study's ledger is damaged.</exception>
    ValueTask<WorkAnswer> AskAsync(StudyId study, WorkRequest request, CancellationToken cancellation);

    /// <param name="next">The silo asks for more work in the same breath, which spares a busy study half of its turns; null if it does not.</param>
    ValueTask<ReportAnswer> ReportAsync(Assignment work, SegmentOutcome outcome, WorkRequest? next, CancellationToken cancellation);

    /// <summary>The checkpoint that the work was to go on from can't be used. False if the fence was old.</summary>
    ValueTask<bool> ReportDamageAsync(Assignment work, ArtifactHash checkpoint, string reason, CancellationToken cancellation);

    /// <summary>The segment is over, whether or not its report was accepted: ends its trace.</summary>
    void End(Assignment work, SegmentOutcome? outcome, bool isReported, TimeSpan elapsed);

    /// <summary>Returns when there may be work again, or after the timeout. Pass the answer to the next call; start with 0.</summary>
    ValueTask<long> WaitAsync(long cursor, TimeSpan timeout, CancellationToken cancellation);
}
