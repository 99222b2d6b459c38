using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Work;

/// <summary>
/// Deletes what pruning left behind: artifacts of a silo that died between recording and pruning, between writing and recording, or whose
/// report was refused. The model of any study's champion is never touched. Throws what <see cref="IStudyStore"/> throws.
/// </summary>
public sealed class ArtifactSweep(IStudyStore store, IArtifactStore artifacts, SearchPlanner planner)
{
    /// <summary>
    /// An artifact is written before the ledger speaks of it. Nobody hands in a segment this much later, however long the store refused.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    /// <summary>Deletes all that the ledger of a study speaks of, once it has ended. Returns how many were still there.</summary>
    /// <exception cref="LedgerCorruptException">The ledger is damaged.</exception>
    public async ValueTask<int> AfterStudyAsync(StudyId study, CancellationToken cancellation)
    {
        var present = await artifacts.ListAsync(TimeSpan.Zero, cancellation);
        if (present.Count == 0)
            return 0;
        var state = await FoldAsync(study, cancellation);
        if (state.IsOpen)
            return 0;
        var mentioned = state.Trials.SelectMany(ArtifactPruner.Mentioned).ToHashSet();
        return await DeleteAsync(present.Where(mentioned.Contains), await ChampionsAsync(cancellation), cancellation);
    }

    /// <summary>
    /// Deletes all that no ledger needs and that is older than <paramref name="grace"/>. Only for artifacts that no other store shares.
    /// Returns how many it were.
    /// </summary>
    /// <exception cref="LedgerCorruptException">
    /// A study that is open is damaged: what it needs is not known, and nothing was deleted.
    /// </exception>
    public async ValueTask<int> WholeStoreAsync(TimeSpan grace, CancellationToken cancellation)
    {
        var old = await artifacts.ListAsync(grace, cancellation);
        if (old.Count == 0)
            return 0;
        var needed = await ChampionsAsync(cancellation);
        foreach (var study in (await store.ListAsync(cancellation)).Where(s => s.IsOpen))
            needed.UnionWith((await FoldAsync(study.Id, cancellation)).Trials.SelectMany(ArtifactPruner.StillNeeded));
        return await DeleteAsync(old, needed, cancellation);
    }

    private async ValueTask<HashSet<ArtifactHash>> ChampionsAsync(CancellationToken cancellation) =>
        [.. (await store.ListAsync(cancellation)).SelectMany(s => s.Champions).Select(c => c.Result.Model).OfType<ArtifactHash>()];

    private async ValueTask<StudyState> FoldAsync(StudyId study, CancellationToken cancellation)
    {
        var ledger = new StudyLedger(store, study, planner);
        await ledger.RefreshAsync(cancellation);
        return ledger.State;
    }

    private async ValueTask<int> DeleteAsync(
        IEnumerable<ArtifactHash> hashes, HashSet<ArtifactHash> needed, CancellationToken cancellation)
    {
        var deleted = 0;
        foreach (var hash in hashes.Where(h => !needed.Contains(h)))
        {
            await artifacts.DeleteAsync(hash, cancellation);
            deleted++;
        }
        return deleted;
    }
}
