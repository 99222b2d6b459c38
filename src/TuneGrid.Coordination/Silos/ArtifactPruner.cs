using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Silos;

/// <summary>Deletes the artifacts nobody can need again, always after the ledger says so. What a crash leaves undone costs disk space only.</summary>
internal static class ArtifactPruner
{
    // The last one, and the one before in case the last turns out to be damaged.
    private const int KeptCheckpoints = 2;

    /// <summary>What a trial's newest event made superfluous.</summary>
    public static IEnumerable<ArtifactHash> AfterReport(Trial trial)
    {
        if (trial.IsOver)
            return trial.Checkpoints.Select(c => c.Hash).Distinct();
        var kept = trial.Checkpoints.TakeLast(KeptCheckpoints).Select(c => c.Hash).ToHashSet();
        // Every report deletes what it pushes out, so that one step back is all there is to do.
        return trial.Checkpoints.SkipLast(KeptCheckpoints).TakeLast(1).Select(c => c.Hash).Where(h => !kept.Contains(h));
    }

    /// <summary>What a segment left that was thrown away because its silo was disturbed.</summary>
    public static IEnumerable<ArtifactHash> AfterDisturbance(Trial trial, Fence fence, SegmentOutcome outcome)
        => outcome is SegmentOutcome.Reached { Result: var result } && trial.Segments.Any(s => s.Fence == fence && s.End == SegmentEnd.Disturbed)
            ? new[] { result.Checkpoint, result.Model }.OfType<ArtifactHash>()
            : [];

    /// <summary>All but the champions' models, once the study is over.</summary>
    public static IEnumerable<ArtifactHash> AfterStudy(StudyState state)
    {
        var kept = state.Champions.Values.Select(c => c.Result.Model).ToHashSet();
        var models = state.Trials.Select(t => t.Phase).OfType<TrialPhase.Completed>().Select(p => p.Result.Model);
        var checkpoints = state.Trials.Where(t => !t.IsOver).SelectMany(t => t.Checkpoints.TakeLast(KeptCheckpoints)).Select(c => (ArtifactHash?)c.Hash);
        return models.Concat(checkpoints).Where(h => h is not null && !kept.Contains(h)).Select(h => h!.Value).Distinct();
    }
}
