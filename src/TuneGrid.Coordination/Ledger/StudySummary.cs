using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Ledger;

public enum StudyStatus { Running, Completed, Cancelled }

/// <summary>The best finished trial of one hardware class. A trial that never saw the whole budget is no champion.</summary>
public sealed record Champion(HardwareClass Class, TrialId Trial, Configuration Configuration, SegmentResult Result);

/// <summary>A study's header: derived from the ledger, stored beside it.</summary>
public sealed record StudySummary(
    StudyId Id, string Name, StudyStatus Status, CorpusReference Corpus, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt,
    int Trials, int Failed, IReadOnlyList<Champion> Champions);
