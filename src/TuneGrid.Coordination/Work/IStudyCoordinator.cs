using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Work;

/// <summary>
/// Where a silo gets work and hands in what became of it: the rules over a study's ledger, in this process or behind a grain. Any number of
/// coordinators may serve one study. A call whose answer was lost may be repeated: the lease is then taken up, the report is known. Throws
/// what <see cref="IStudyStore"/> throws.
/// </summary>
public interface IStudyCoordinator
{
    /// <summary>Returns what the silo is to do next for this study.</summary>
    /// <exception cref="LedgerCorruptException">The study's ledger is damaged.</exception>
    ValueTask<WorkAnswer> AskAsync(StudyId study, WorkRequest request, CancellationToken cancellation);

    /// <summary>Hands in how a segment ended.</summary>
    /// <param name="next">
    /// The silo asks for more work in the same breath, which spares a busy study half of its turns; null if it does not.
    /// </param>
    ValueTask<ReportAnswer> ReportAsync(Assignment work, SegmentOutcome outcome, WorkRequest? next, CancellationToken cancellation);

    /// <summary>The checkpoint that the work was to go on from can't be used. Returns false if the fence was old.</summary>
    ValueTask<bool> ReportDamageAsync(Assignment work, ArtifactHash checkpoint, string reason, CancellationToken cancellation);

    /// <summary>The segment is over, whether or not its report was accepted: ends its trace.</summary>
    void End(Assignment work, SegmentOutcome? outcome, bool isReported, TimeSpan elapsed);

    /// <summary>Returns when there may be work again, or after the timeout. Pass what it returns to the next call; start with 0.</summary>
    ValueTask<long> WaitAsync(long cursor, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Forgets every study but these, which are the open ones.</summary>
    void Keep(IReadOnlyCollection<StudyId> open);
}
