using TuneGrid.Cli.Commands;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Cli.Views;

/// <summary>Champions over all studies: one per hardware class and corpus, since only scores within those compare.</summary>
internal sealed record StudyChampion(StudySummary Study, Champion Champion)
{
    public static IReadOnlyList<StudyChampion> Of(IEnumerable<StudySummary> studies) =>
    [
        .. studies.SelectMany(s => s.Champions.Select(c => new StudyChampion(s, c)))
            .Where(c => double.IsFinite(c.Champion.Result.BitsPerByte))
            .GroupBy(c => (c.Champion.Class, c.Study.Corpus.Hash))
            .Select(g => g.MinBy(c => c.Champion.Result.BitsPerByte)!)
            .OrderBy(c => c.Champion.Class.Key, StringComparer.Ordinal).ThenBy(c => c.Study.Corpus.Name, StringComparer.Ordinal),
    ];

    /// <summary>A local path to the model, or null if the champion has none any more.</summary>
    public async Task<string?> ModelPathAsync(IArtifactStore artifacts, CancellationToken cancellation) =>
        Champion.Result.Model is { } model ? await artifacts.GetAsync(model, cancellation) : null;
}

/// <summary>What MODEL means on a command line: a file, a study (its champion), or nothing (the best there is).</summary>
internal static class ModelFinder
{
    /// <exception cref="UsageException">Nothing of that name has a model.</exception>
    public static async Task<string> FindAsync(Workplace place, StoreChoice store, string? text, CancellationToken cancellation)
    {
        if (text is not null && File.Exists(text))
            return text;
        if (text is not null && (text.Contains(Path.DirectorySeparatorChar) || text.EndsWith(".safetensors", StringComparison.Ordinal)))
            throw new UsageException($"there is no model file '{text}'");
        await using var opened = await place.OpenStoreAsync(store, cancellation);
        IReadOnlyList<StudySummary> studies = text is null
            ? await opened.Studies.ListAsync(cancellation)
            : [await StudyFinder.FindAsync(opened.Studies, text, cancellation)];
        var here = place.Class(Workplace.ThreadsOrDefault(null));
        // This machine's own champions first, then the newest study's.
        var best = StudyChampion.Of(studies).OrderByDescending(c => c.Champion.Class == here).ThenByDescending(c => c.Study.ChangedAt).FirstOrDefault();
        return best is not null && await best.ModelPathAsync(opened.Artifacts, cancellation) is { } path
            ? path
            : throw new UsageException(text is null
                ? "there is no champion yet; run 'tunegrid search search-spaces/quick.json' first, or name a model file"
                : $"the study '{text}' has no champion yet");
    }
}
