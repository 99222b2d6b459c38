using TuneGrid.Cli.Context;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Cli.Views;

/// <summary>What MODEL means on a command line: a file, a study (its champion), or nothing (the best there is).</summary>
internal static class ModelFinder
{
    /// <param name="error">Hears what is lost beside the one that is found.</param>
    /// <exception cref="UsageException">Nothing of that name has a model.</exception>
    public static async Task<string> FindAsync(
        CommandContext context, StoreChoice store, string? text, TextWriter error, CancellationToken cancellation)
    {
        if (text is not null && File.Exists(text))
            return text;
        if (text is not null && (text.Contains(Path.DirectorySeparatorChar) || text.EndsWith(".safetensors", StringComparison.Ordinal)))
            throw new UsageException($"there is no model file '{text}'");
        await using var opened = await context.OpenStoreAsync(store, cancellation);
        IReadOnlyList<StudySummary> studies = text is null
            ? await StudyFinder.ListAsync(opened.Studies, error, cancellation)
            : [await StudyFinder.FindAsync(opened.Studies, text, cancellation)];
        var here = context.Class(CommandContext.ThreadsOrDefault(null));
        var lost = new List<string>();
        // This machine's own champions first, then the newest study's.
        foreach (var best in StudyChampion.Of(studies)
            .OrderByDescending(c => c.Champion.Class == here).ThenByDescending(c => c.Study.ChangedAt))
        {
            var model = await best.ModelAsync(opened.Artifacts, cancellation);
            if (model.Problem is { } problem)
                lost.Add($"the model of {best.Study.Id} {best.Champion.Trial} is missing: {problem}");
            if (model.Path is not { } path)
                continue;
            lost.ForEach(error.WriteLine);
            return path;
        }
        throw new UsageException(
            lost.Count > 0 ? lost[0]
            : text is null ? "there is no champion yet; run 'tunegrid search search-spaces/quick.json' first, or name a model file"
            : $"the study '{text}' has no champion yet");
    }
}
