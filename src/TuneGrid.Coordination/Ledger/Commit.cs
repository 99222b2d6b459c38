namespace TuneGrid.Coordination.Ledger;

/// <summary>An event in its place.</summary>
/// <param name="Sequence">1 for the first event of a study, then without gaps.</param>
public sealed record RecordedEvent(long Sequence, StudyEvent Event);

/// <summary>Events to append, and what follows from them, all or nothing.</summary>
/// <param name="ExpectedSequence">The last sequence the writer has seen; 0 creates the study.</param>
/// <param name="Summary">The study's new header, kept beside the ledger so that listing need not fold it.</param>
public sealed record Commit(
    StudyId Study, long ExpectedSequence, IReadOnlyList<StudyEvent> Events, IReadOnlyList<LeaseChange> Leases, StudySummary Summary);

/// <summary>What a writer appends now that its turn has come; null for nothing.</summary>
/// <param name="missed">The events it has not been given yet, in order.</param>
/// <param name="now">The store's clock.</param>
public delegate Commit? TurnDecision(IReadOnlyList<RecordedEvent> missed, DateTimeOffset now);
