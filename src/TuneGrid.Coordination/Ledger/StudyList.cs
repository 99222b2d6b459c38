using System.Collections;

namespace TuneGrid.Coordination.Ledger;

/// <summary>The studies of a store, oldest first, and beside them those whose header can't be read.</summary>
/// <param name="studies">Those that can.</param>
/// <param name="broken">What is wrong with the others, one each.</param>
public sealed class StudyList(IReadOnlyList<StudySummary> studies, IReadOnlyList<LedgerCorruptException> broken)
    : IReadOnlyList<StudySummary>
{
    /// <summary>One for each study whose header can't be read; it names the study.</summary>
    public IReadOnlyList<LedgerCorruptException> Broken => broken;

    /// <inheritdoc/>
    public int Count => studies.Count;

    /// <inheritdoc/>
    public StudySummary this[int index] => studies[index];

    /// <summary>Returns what is wrong with a study's header, or null.</summary>
    public LedgerCorruptException? BrokenOf(StudyId study) => broken.FirstOrDefault(b => b.Study == study);

    /// <inheritdoc/>
    public IEnumerator<StudySummary> GetEnumerator() => studies.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
