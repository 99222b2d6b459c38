using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
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

    /// <summary>Hears of each study that can't be read when the whole store is swept.</summary>
    public Action<LedgerCorruptException> SetAside { get; init; } = _ => { };

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
        return await DeleteAsync(present.Where(mentioned.Contains), Champions(await store.ListAsync(cancellation)), cancellation);
    }

    /// <summary>
    /// Deletes all that no ledger needs and that is older than <paramref name="grace"/>. Only for artifacts that no other store shares.
    /// Returns how many it were. While a study can't be read, what it needs is not known: then only that is deleted which others speak of
    /// that have ended.
    /// </summary>
    public async ValueTask<int> WholeStoreAsync(TimeSpan grace, CancellationToken cancellation)
    {
        var old = await artifacts.ListAsync(grace, cancellation);
        if (old.Count == 0)
            return 0;
        var studies = await store.ListAsync(cancellation);
        var broken = new List<LedgerCorruptException>(studies.Broken);
        var needed = Champions(studies);
        foreach (var study in studies.Where(s => s.IsOpen))
            needed.UnionWith(await TrialsAsync(study.Id, ArtifactPruner.StillNeeded, broken, cancellation));
        broken.ForEach(SetAside);
        if (broken.Count == 0)
            return await DeleteAsync(old, needed, cancellation);
        var over = new HashSet<ArtifactHash>();
        foreach (var study in studies.Where(s => !s.IsOpen))
            over.UnionWith(await TrialsAsync(study.Id, ArtifactPruner.Mentioned, [], cancellation));
        return await DeleteAsync(old.Where(over.Contains), needed, cancellation);
    }

    private async ValueTask<IEnumerable<ArtifactHash>> TrialsAsync(
        StudyId study, Func<Trial, IEnumerable<ArtifactHash>> artifactsOf, List<LedgerCorruptException> broken,
        CancellationToken cancellation)
    {
        try
        {
            return (await FoldAsync(study, cancellation)).Trials.SelectMany(artifactsOf);
        }
        catch (LedgerCorruptException fault)
        {
            broken.Add(fault);
            return [];
        }
    }

    private static HashSet<ArtifactHash> Champions(StudyList studies) =>
        [.. studies.SelectMany(s => s.Champions).Select(c => c.Result.Model).OfType<ArtifactHash>()];

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
