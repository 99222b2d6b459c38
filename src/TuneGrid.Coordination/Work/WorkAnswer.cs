using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Work;

/// <summary>A free silo asks.</summary>
/// <param name="WasTraining">
/// It has just handed in a segment, or just started: worth a closer look at whether the study has ended.
/// </param>
/// <param name="Token">
/// Drawn at random for the lease that it may get. The same with every question until there is an answer: if that was lost, it shows whose
/// the lease is.
/// </param>
public sealed record WorkRequest(SiloDescription Silo, bool WasTraining, LeaseToken Token);

/// <summary>What a silo that asked is to do.</summary>
/// <param name="Work">Null if there is none for this silo now.</param>
/// <param name="IsOver">The study has ended.</param>
/// <param name="Ended">What was found, if this very question ended it.</param>
/// <param name="Superfluous">Artifacts nobody needs any more: the caller deletes them.</param>
/// <param name="Idle">For people, why this silo can't have the work there is; null if it got some, or there is none.</param>
public sealed record WorkAnswer(
    Assignment? Work, bool IsOver, StudySummary? Ended, IReadOnlyList<ArtifactHash> Superfluous, string? Idle = null);

/// <summary>What became of a report.</summary>
/// <param name="IsRecorded">The ledger has it; otherwise the fence was old.</param>
/// <param name="Superfluous">Artifacts nobody needs any more: the caller deletes them.</param>
/// <param name="Next">Work that the silo got along with its report; null says nothing about whether there is any.</param>
/// <param name="Ended">What was found, if this very report ended the study.</param>
/// <param name="Objection">Why the report can't be true, if that is why it is not recorded: the trial goes on from where it was.</param>
public sealed record ReportAnswer(
    bool IsRecorded, IReadOnlyList<ArtifactHash> Superfluous, Assignment? Next = null, StudySummary? Ended = null,
    string? Objection = null);
