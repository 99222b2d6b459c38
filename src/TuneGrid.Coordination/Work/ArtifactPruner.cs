using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Work;

/// <summary>
/// Finds the artifacts that nobody can need again, always after the ledger says so. What a crash leaves undone is left to
/// <see cref="ArtifactSweep"/>.
/// </summary>
internal static class ArtifactPruner
{
    // The last one, and the one before in case the last turns out to be damaged.
    private const int KeptCheckpoints = 2;

    /// <summary>Returns what a trial's newest event made superfluous.</summary>
    public static IEnumerable<ArtifactHash> AfterReport(Trial trial)
    {
        if (trial.IsOver)
            return trial.Checkpoints.Select(c => c.Hash).Distinct();
        var kept = trial.Checkpoints.TakeLast(KeptCheckpoints).Select(c => c.Hash).ToHashSet();
        // Every report deletes what it pushes out, so that one step back is all there is to do.
        return trial.Checkpoints.SkipLast(KeptCheckpoints).TakeLast(1).Select(c => c.Hash).Where(h => !kept.Contains(h));
    }

    /// <summary>Returns what a segment left that was thrown away because its silo was disturbed.</summary>
    public static IEnumerable<ArtifactHash> AfterDisturbance(Trial trial, Fence fence, SegmentOutcome outcome)
        => outcome is SegmentOutcome.Reached { Result: var result }
            && trial.Segments.Any(s => s.Fence == fence && s.End == SegmentEnd.Disturbed)
            ? new[] { result.Checkpoint, result.Model }.OfType<ArtifactHash>()
            : [];

    /// <summary>Returns what a trial of an open study may still need.</summary>
    public static IEnumerable<ArtifactHash> StillNeeded(Trial trial) => trial.Phase switch
    {
        TrialPhase.Completed { Result.Model: { } model } => [model],
        TrialPhase.Completed or TrialPhase.Failed => [],
        _ => trial.Checkpoints.TakeLast(KeptCheckpoints).Select(c => c.Hash),
    };

    /// <summary>Returns every artifact that the ledger names for a trial and has not declared lost.</summary>
    public static IEnumerable<ArtifactHash> Mentioned(Trial trial) =>
        trial.Checkpoints.Select(c => c.Hash)
            .Concat(trial.Segments.SelectMany(s => new[] { s.Result?.Checkpoint, s.Result?.Model }).OfType<ArtifactHash>());
}
