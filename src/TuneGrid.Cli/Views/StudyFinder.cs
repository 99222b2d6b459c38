using TuneGrid.Cli.Input;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Cli.Views;

/// <summary>Finds the study a person means: its whole id, or the beginning of one.</summary>
internal static class StudyFinder
{
    private const int Named = 5;

    /// <summary>Lists all studies, and says which of them can't be read.</summary>
    public static async Task<StudyList> ListAsync(IStudyStore store, TextWriter error, CancellationToken cancellation)
    {
        var all = await store.ListAsync(cancellation);
        foreach (var broken in all.Broken)
            error.WriteLine($"set aside: {broken.Message}");
        return all;
    }

    /// <exception cref="UsageException">No such study, or several begin like that.</exception>
    /// <exception cref="LedgerCorruptException">Its header can't be read.</exception>
    public static async Task<StudySummary> FindAsync(IStudyStore store, string text, CancellationToken cancellation)
    {
        var all = await store.ListAsync(cancellation);
        if (all.FirstOrDefault(s => s.Id.Value == text) is { } exact)
            return exact;
        if (all.BrokenOf(new(text)) is { } broken)
            throw broken;
        var matches = text.Length == 0 ? [] : all.Where(s => s.Id.Value.StartsWith(text, StringComparison.Ordinal)).ToList();
        return matches switch
        {
            [var only] => only,
            [_, _, ..] => throw new UsageException($"several studies begin with '{text}': {Names(matches)}"),
            _ when text.Length > 0 && all.Broken.FirstOrDefault(b => b.Study!.Value.Value.StartsWith(text, StringComparison.Ordinal))
                is { } begun => throw begun,
            _ when all.Count == 0 => throw new UsageException($"there is no study '{text}': this store has none yet"),
            _ => throw new UsageException(
                $"there is no study '{text}'.{Nearest.Hint(text, all.Select(s => s.Id.Value))} The newest here: {Names(all.Reverse())}"),
        };
    }

    private static string Names(IEnumerable<StudySummary> studies) => string.Join(", ", studies.Take(Named).Select(s => s.Id.Value));
}
