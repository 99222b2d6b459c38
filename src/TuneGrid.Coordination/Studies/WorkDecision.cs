using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Studies;

/// <summary>What to append, and what the silo does once it is appended.</summary>
/// <param name="Events">In order; empty where nothing is to be appended.</param>
/// <param name="Leases">What becomes of leases along with the events.</param>
public abstract record WorkDecision(IReadOnlyList<StudyEvent> Events, IReadOnlyList<LeaseChange> Leases)
{
    /// <summary>Train this trial under this fence. No events: the lease is the silo's already, only the answer was lost.</summary>
    public sealed record Run(IReadOnlyList<StudyEvent> Events, IReadOnlyList<LeaseChange> Leases, TrialId Trial, Fence Fence)
        : WorkDecision(Events, Leases);

    /// <summary>Append this; a silo that offered itself is decided on again.</summary>
    public sealed record Record(IReadOnlyList<StudyEvent> Events, IReadOnlyList<LeaseChange> Leases) : WorkDecision(Events, Leases);

    /// <summary>Nothing for this silo until somebody else reports.</summary>
    /// <param name="Why">For people, why it can't have what there is; null if there is nothing.</param>
    public sealed record Wait(string? Why = null) : WorkDecision([], []);

    /// <summary>Nothing for this class, ever; the study may still run for others.</summary>
    public sealed record Finished() : WorkDecision([], []);
}

/// <summary>What follows from a silo's report.</summary>
public abstract record ReportDecision
{
    private ReportDecision() { }

    /// <summary>Append this: the report counts.</summary>
    /// <param name="Objection">Why what the segment came to can't be true, and only its end counts; null if it may be.</param>
    public sealed record Record(
        IReadOnlyList<StudyEvent> Events, IReadOnlyList<LeaseChange> Leases, string? Objection = null) : ReportDecision;

    /// <summary>The same report is in the ledger already: only the answer was lost.</summary>
    public sealed record AlreadyRecorded : ReportDecision;

    /// <summary>The fence is old: somebody else holds the trial, or it is over.</summary>
    public sealed record Refused : ReportDecision;
}
