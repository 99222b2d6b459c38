using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Workers;

/// <summary>Something a silo wants to be seen, by a log or a live view.</summary>
public abstract record SiloNotice
{
    private SiloNotice() { }

    public sealed record SegmentStarted(SegmentOrder Order) : SiloNotice;

    /// <summary>The report is in the ledger.</summary>
    public sealed record SegmentReported(SegmentOrder Order, SegmentOutcome Outcome) : SiloNotice;

    /// <summary>The fence was old: what was trained counts nowhere, somebody else has the trial.</summary>
    public sealed record SegmentLost(StudyId Study, TrialId Trial) : SiloNotice;

    public sealed record CheckpointDamaged(StudyId Study, TrialId Trial, string Reason) : SiloNotice;

    /// <summary>The store does not answer; the silo goes on trying.</summary>
    public sealed record StoreUnavailable(string Message, TimeSpan RetryAfter) : SiloNotice;

    /// <summary>This study can't be served: its ledger is damaged.</summary>
    public sealed record StudyBroken(StudyId Study, string Reason) : SiloNotice;

    /// <summary>Its cluster has given it up for dead; it joins again.</summary>
    public sealed record Evicted : SiloNotice;

    /// <summary>Its cluster can't be reached; it goes on trying.</summary>
    public sealed record StillOutside(string Message, TimeSpan RetryAfter) : SiloNotice;

    public sealed record StudyEnded(StudySummary Summary) : SiloNotice;
}
