using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Storage;

/// <summary>What can be wrong with one study of a store whose other studies are well, and what a person does about it.</summary>
internal static class LedgerFaults
{
    /// <summary>Of a header: what is behind the end that it names is sound.</summary>
    public const string EndsEarly = "it ends before the last event";

    /// <param name="place">The store's, for people.</param>
    public static LedgerCorruptException Damaged(string study, long sequence, string why, string place) =>
        new(new(study), sequence, why, $"restore the store {place} from a backup; the other studies go on without this one");

    public static LedgerCorruptException Newer(string study, long sequence, LedgerCorruptException fault) =>
        new(new(study), sequence, "it was written by a newer TuneGrid", "update TuneGrid", fault);

    /// <param name="last">The last event that belongs to the study.</param>
    /// <param name="mend">The statement that takes out the others.</param>
    public static LedgerCorruptException TooMany(string study, long last, string mend) =>
        new(new(study), last + 1, "it was put there past TuneGrid, behind the ledger's end", $"take it out with: {mend}");

    /// <param name="headers">All rows, oldest first; those that can't be read without a summary.</param>
    /// <param name="place">The store's, for people.</param>
    public static StudyList List(IReadOnlyList<(string Study, StudySummary? Summary)> headers, string place) => new(
        [.. headers.Select(h => h.Summary).OfType<StudySummary>()],
        [
            .. headers.Where(h => h.Summary is null).Select(h => new LedgerCorruptException(
                new(h.Study), 0, "it was changed, or put there past TuneGrid",
                $"restore the store {place} from a backup, or delete the row from its table studies if it never was a study; "
                    + "the other studies go on without this one")),
        ]);
}
