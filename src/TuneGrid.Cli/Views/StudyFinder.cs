using TuneGrid.Cli.Input;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Cli.Views;

/// <summary>Finds the study a person means: its whole id, or the beginning of one.</summary>
internal static class StudyFinder
{
    private const int Named = 5;

    /// <exception cref="UsageException">No such study, or several begin like that.</exception>
    public static async Task<StudySummary> FindAsync(IStudyStore store, string text, CancellationToken cancellation)
    {
        var all = await store.ListAsync(cancellation);
        if (all.FirstOrDefault(s => s.Id.Value == text) is { } exact)
            return exact;
        var matches = text.Length == 0 ? [] : all.Where(s => s.Id.Value.StartsWith(text, StringComparison.Ordinal)).ToList();
        return matches switch
        {
            [var only] => only,
            [_, _, ..] => throw new UsageException($"several studies begin with '{text}': {Names(matches)}"),
            _ when all.Count == 0 => throw new UsageException($"there is no study '{text}': this store has none yet"),
            _ => throw new UsageException(
                $"there is no study '{text}'.{Nearest.Hint(text, all.Select(s => s.Id.Value))} The newest here: {Names(all.Reverse())}"),
        };
    }

    private static string Names(IEnumerable<StudySummary> studies) => string.Join(", ", studies.Take(Named).Select(s => s.Id.Value));
}
