using TuneGrid.Cli.Context;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Cli.Views;

/// <summary>What MODEL means on a command line: a file, a study (its champion), or nothing (the best there is).</summary>
internal static class ModelFinder
{
    /// <exception cref="UsageException">Nothing of that name has a model.</exception>
    public static async Task<string> FindAsync(CommandContext context, StoreChoice store, string? text, CancellationToken cancellation)
    {
        if (text is not null && File.Exists(text))
            return text;
        if (text is not null && (text.Contains(Path.DirectorySeparatorChar) || text.EndsWith(".safetensors", StringComparison.Ordinal)))
            throw new UsageException($"there is no model file '{text}'");
        await using var opened = await context.OpenStoreAsync(store, cancellation);
        IReadOnlyList<StudySummary> studies = text is null
            ? await opened.Studies.ListAsync(cancellation)
            : [await StudyFinder.FindAsync(opened.Studies, text, cancellation)];
        var here = context.Class(CommandContext.ThreadsOrDefault(null));
        // This machine's own champions first, then the newest study's.
        var best = StudyChampion.Of(studies)
            .OrderByDescending(c => c.Champion.Class == here).ThenByDescending(c => c.Study.ChangedAt).FirstOrDefault();
        return best is not null && await best.ModelPathAsync(opened.Artifacts, cancellation) is { } path
            ? path
            : throw new UsageException(text is null
                ? "there is no champion yet; run 'tunegrid search search-spaces/quick.json' first, or name a model file"
                : $"the study '{text}' has no champion yet");
    }
}
