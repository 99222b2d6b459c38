using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Ledger;

/// <summary>Where a study stands, as its ledger says.</summary>
public enum StudyStatus
{
    /// <summary>Silos may work on it.</summary>
    Running,

    /// <summary>It has its champions.</summary>
    Completed,

    /// <summary>It was ended before its time.</summary>
    Cancelled,

    /// <summary>A person asked it to wait.</summary>
    Paused,
}

/// <summary>The best finished trial of one hardware class. A trial that never saw the whole budget is no champion.</summary>
public sealed record Champion(HardwareClass Class, TrialId Trial, Configuration Configuration, SegmentResult Result);

/// <summary>A study's header: derived from the ledger, stored beside it.</summary>
/// <param name="Name">The space's.</param>
/// <param name="ChangedAt">When the last event was decided, by the store's clock.</param>
/// <param name="Trials">How many were proposed.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Champions">At most one per hardware class, by its key.</param>
public sealed record StudySummary(
    StudyId Id, string Name, StudyStatus Status, CorpusReference Corpus, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt,
    int Trials, int Failed, IReadOnlyList<Champion> Champions)
{
    /// <summary>It may go on, at once or after it is resumed.</summary>
    public bool IsOpen => Status is StudyStatus.Running or StudyStatus.Paused;

    /// <summary>
    /// Returns the status as people mean it: a study that is running but has no silo left that would work on it is paused.
    /// </summary>
    /// <param name="now">The store's clock.</param>
    /// <param name="timeToLive">How long a silo counts as alive after its last word.</param>
    public StudyStatus StatusAmong(IEnumerable<SiloRow> silos, DateTimeOffset now, TimeSpan timeToLive) =>
        Status == StudyStatus.Running && !silos.Any(s => s.IsAlive(now, timeToLive) && (s.Silo.Study is null || s.Silo.Study == Id))
            ? StudyStatus.Paused
            : Status;
}
