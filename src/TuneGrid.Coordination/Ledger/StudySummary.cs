using System.Text.Json.Serialization;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Analysis;
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
/// <param name="Trial">Whose configuration it is.</param>
/// <param name="Result">Of the run whose model is kept: <paramref name="Trial"/>'s own, or its repeat <see cref="Kept"/>.</param>
public sealed record Champion(HardwareClass Class, TrialId Trial, Configuration Configuration, SegmentResult Result)
{
    /// <summary>The mean score of its own run and its repeats, which it was chosen by; null where nobody ran again.</summary>
    public double? Mean { get; init; }

    /// <summary>What the mean lies in, in nine of ten cases; null where nobody ran again.</summary>
    public ScoreInterval? Interval { get; init; }

    /// <summary>How many repeats of it saw the whole budget.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Repeats { get; init; }

    /// <summary>Trials that can't be told from the champion: the difference may be chance. Null where nobody ran again.</summary>
    public ValueList<TrialId>? Ties { get; init; }

    /// <summary>The repeat whose score is nearest to the mean, and whose model is kept; null if that is the trial's own.</summary>
    public TrialId? Kept { get; init; }

    /// <summary>How much scores of its class scatter, as this study's repeats have shown it; null where nobody ran again.</summary>
    public ClassNoise? Noise { get; init; }

    /// <summary>The run whose model is kept.</summary>
    [JsonIgnore]
    public TrialId ModelTrial => Kept ?? Trial;

    /// <summary>What it is compared by: the mean, or the score of its only run.</summary>
    [JsonIgnore]
    public double Score => Mean ?? Result.BitsPerByte;
}

/// <summary>A study's header: derived from the ledger, stored beside it.</summary>
/// <param name="Name">The space's.</param>
/// <param name="ChangedAt">When the last event was decided, by the store's clock.</param>
/// <param name="Trials">How many were proposed, repeats of finalists aside.</param>
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
