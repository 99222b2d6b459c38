using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Workers;

/// <summary>Something a silo wants to be seen, by a log or a live view.</summary>
public abstract record SiloNotice
{
    private SiloNotice() { }

    /// <summary>Training begins.</summary>
    public sealed record SegmentStarted(Assignment Work) : SiloNotice;

    /// <summary>The report is in the ledger.</summary>
    public sealed record SegmentReported(Assignment Work, SegmentOutcome Outcome) : SiloNotice;

    /// <summary>The fence was old: what was trained counts nowhere, somebody else has the trial.</summary>
    public sealed record SegmentLost(StudyId Study, TrialId Trial) : SiloNotice;

    /// <summary>What was reported can't be true: it counts nowhere, and the trial goes on from where it was.</summary>
    public sealed record ReportRefused(StudyId Study, TrialId Trial, string Reason) : SiloNotice;

    /// <summary>The trial goes on from the checkpoint before, or from its start.</summary>
    public sealed record CheckpointDamaged(StudyId Study, TrialId Trial, string Reason) : SiloNotice;

    /// <summary>The store does not answer; the silo goes on trying.</summary>
    public sealed record StoreUnavailable(string Message, TimeSpan RetryAfter) : SiloNotice;

    /// <summary>It is idle though there is work, and why.</summary>
    public sealed record IdleBesideWork(string Reason) : SiloNotice;

    /// <summary>It could not run a segment, has given it back, and waits before it tries another.</summary>
    public sealed record BacksOff(Assignment Work, string Reason, TimeSpan RetryAfter) : SiloNotice;

    /// <summary>The trial has taken silos of this host down, and waits before it is tried again.</summary>
    public sealed record TrialLosesSilos(Assignment Work, TimeSpan RetryAfter) : SiloNotice;

    /// <summary>This study can't be served: its ledger is damaged.</summary>
    public sealed record StudyBroken(StudyId Study, string Reason) : SiloNotice;

    /// <summary>Its cluster has given it up for dead; it joins again.</summary>
    public sealed record Evicted : SiloNotice;

    /// <summary>Its cluster can't be reached; it goes on trying.</summary>
    public sealed record StillOutside(string Message, TimeSpan RetryAfter) : SiloNotice;

    /// <summary>A silo of another release serves the same store.</summary>
    /// <param name="Version">Null for a release that does not say.</param>
    public sealed record OtherRelease(SiloId Silo, string? Version) : SiloNotice;

    /// <summary>This silo found that the study has ended.</summary>
    public sealed record StudyEnded(StudySummary Summary) : SiloNotice;
}
