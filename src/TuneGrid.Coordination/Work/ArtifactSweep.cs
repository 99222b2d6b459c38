using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Work;

/// <summary>Artifacts by number and size.</summary>
public sealed record ArtifactAmount(int Count, long Bytes);

/// <summary>What a sweep did.</summary>
/// <param name="Damaged">One for each study that can't be read: what it may need was left alone.</param>
public sealed record SweepResult(ArtifactAmount Deleted, IReadOnlyList<LedgerCorruptException> Damaged);

/// <summary>
/// Deletes artifacts, and nothing that any study of the store needs: studies with trials in common share what those left, since an artifact
/// is known by its bytes alone. Throws what the stores throw. Not thread-safe.
/// </summary>
/// <param name="ownsArtifacts">No other store keeps its artifacts in the same place, so that what no ledger names is nobody's.</param>
public sealed class ArtifactSweep(IStudyStore store, IArtifactStore artifacts, SearchPlanner planner, bool ownsArtifacts)
{
    /// <summary>
    /// An artifact is stored before the ledger speaks of it, at once unless the ledger can't be reached. While silos train, one that no
    /// ledger names is left alone for so long.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private readonly ArtifactReferences _references = new(store, planner);

    /// <summary>Deletes what a study does not need any more, unless another one does.</summary>
    public async ValueTask PruneAsync(StudyId study, IReadOnlyCollection<ArtifactHash> superfluous, CancellationToken cancellation)
    {
        if (superfluous.Count == 0)
            return;
        var others = await _references.ReadAsync(study, cancellation);
        var free = superfluous.Where(h => !others.Any(o => o.Needed.Contains(h))).ToList();
        if (others.Any(o => o.InTraining.Count > 0))
        {
            // What the other study's silo has just stored may be the same bytes, and not recorded yet.
            var mine = (await _references.ReadAsync(null, cancellation)).First(s => s.Study == study);
            free.RemoveAll(h => mine.Mentioned.TryGetValue(h, out var twin) && others.Any(o => o.InTraining.Contains(twin)));
        }
        foreach (var hash in free)
            await artifacts.DeleteAsync(hash, cancellation);
    }

    /// <summary>
    /// Deletes what a segment left whose report was refused, unless it counts all the same: another silo may have made the same.
    /// </summary>
    public async ValueTask DropAsync(Assignment work, SegmentOutcome? outcome, CancellationToken cancellation)
    {
        var left = ArtifactPruner.Of(outcome).ToList();
        if (left.Count == 0)
            return;
        var studies = await _references.ReadAsync(null, cancellation);
        if (studies.Any(s => s.InTraining.Contains(new(work.Configuration, work.Seed))))
            return;
        foreach (var hash in left.Where(h => !studies.Any(s => s.Needed.Contains(h))))
            await artifacts.DeleteAsync(hash, cancellation);
    }

    /// <summary>
    /// Does for every study that has ended what is to be done at its end, whoever was killed before it had: leaves what its space says is
    /// to stay. Also deletes what no ledger names, where nobody trains who could be about to record it.
    /// </summary>
    public ValueTask<SweepResult> TidyAsync(CancellationToken cancellation) => SweepAsync(ownsArtifacts, null, cancellation);

    /// <summary>
    /// Does that, and beside silos that train it also deletes what no ledger names and is older than <paramref name="grace"/>. Only for
    /// artifacts that no other store shares.
    /// </summary>
    public ValueTask<SweepResult> WholeStoreAsync(TimeSpan grace, CancellationToken cancellation) => SweepAsync(true, grace, cancellation);

    /// <summary>Returns what is kept for a study now.</summary>
    public async ValueTask<ArtifactAmount> KeptAsync(StudyId study, CancellationToken cancellation)
    {
        var present = await artifacts.ListAsync(TimeSpan.Zero, cancellation);
        var mine = (await _references.ReadAsync(null, cancellation)).FirstOrDefault(s => s.Study == study);
        var kept = present.Where(p => mine?.Needed.Contains(p.Key) == true).ToList();
        return new(kept.Count, kept.Sum(p => p.Value));
    }

    private async ValueTask<SweepResult> SweepAsync(bool isAlone, TimeSpan? grace, CancellationToken cancellation)
    {
        // Before the ledgers are read: what is stored from now on is none of this sweep's business.
        var present = await artifacts.ListAsync(TimeSpan.Zero, cancellation);
        if (present.Count == 0)
            return new(new(0, 0), []);
        var old = grace is { } age ? await artifacts.ListAsync(age, cancellation) : null;
        var studies = await _references.ReadAsync(null, cancellation);
        var damaged = studies.Select(s => s.Damage).OfType<LedgerCorruptException>().ToList();
        var isQuiet = !studies.Any(s => s.InTraining.Count > 0);
        var (count, bytes) = (0, 0L);
        foreach (var (hash, size) in present.Where(p => !studies.Any(s => s.Needed.Contains(p.Key)) && IsFree(p.Key)))
        {
            await artifacts.DeleteAsync(hash, cancellation);
            (count, bytes) = (count + 1, bytes + size);
        }
        return new(new(count, bytes), damaged);

        bool IsFree(ArtifactHash hash)
        {
            var twins = studies.Where(s => s.Mentioned.ContainsKey(hash)).Select(s => s.Mentioned[hash]).ToList();
            return twins.Count > 0
                ? !studies.Any(s => twins.Any(s.InTraining.Contains))
                : isAlone && damaged.Count == 0 && (isQuiet || old?.ContainsKey(hash) == true);
        }
    }
}
