using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Coordination.Workers;

/// <summary>
/// The studies that a silo could not serve. It looks at each again now and then: somebody may mend it, or update a release that wrote it.
/// </summary>
internal sealed class BrokenStudies(TimeProvider time)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(1);
    private readonly Dictionary<StudyId, (string Reason, long FoundAt)> _found = [];

    public bool IsSetAside(StudyId study) =>
        _found.TryGetValue(study, out var known) && time.GetElapsedTime(known.FoundAt) < LookAgainAfter;

    /// <summary>Sets a study aside for a while. Returns whether its reason is another than the last time.</summary>
    public bool IsNews(LedgerCorruptException fault)
    {
        var study = fault.Study!.Value;
        var isNews = !_found.TryGetValue(study, out var known) || known.Reason != fault.Message;
        _found[study] = (fault.Message, time.GetTimestamp());
        return isNews;
    }
}
