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
            .Select(g => g.MinBy(c => c.Champion.Score)!)
            .OrderBy(c => c.Champion.Class.Key, StringComparer.Ordinal).ThenBy(c => c.Study.Corpus.Name, StringComparer.Ordinal),
    ];

    public Task<ChampionModel> ModelAsync(IArtifactStore artifacts, CancellationToken cancellation) =>
        ChampionModel.FindAsync(Champion.Result.Model, artifacts, cancellation);
}
