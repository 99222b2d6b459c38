using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Work;

/// <summary>
/// Tells the artifacts that a study needs from those that nobody can need again, always after the ledger says so. What a crash leaves
/// undone is left to <see cref="ArtifactSweep"/>.
/// </summary>
internal static class ArtifactPruner
{
    // The last one, and the one before in case the last turns out to be damaged.
    private const int KeptCheckpoints = 2;

    /// <summary>Returns what a trial's newest event made superfluous.</summary>
    public static IEnumerable<ArtifactHash> AfterReport(StudyState state, Trial trial) =>
        (trial.IsOver ? trial.Artifacts : PushedOut(trial)).Except(Needed(state, trial));

    /// <summary>Returns what a segment left that was thrown away because its silo was disturbed.</summary>
    public static IEnumerable<ArtifactHash> AfterDisturbance(StudyState state, Trial trial, Fence fence, SegmentOutcome outcome) =>
        trial.Segments.Any(s => s.Fence == fence && s.End == SegmentEnd.Disturbed) ? Of(outcome).Except(Needed(state, trial)) : [];

    /// <summary>Returns the artifacts that an outcome speaks of.</summary>
    public static IEnumerable<ArtifactHash> Of(SegmentOutcome? outcome) => outcome switch
    {
        SegmentOutcome.Reached { Result: var result } => new[] { result.Checkpoint, result.Model }.OfType<ArtifactHash>(),
        SegmentOutcome.Stopped { Checkpoint: { } checkpoint } => [checkpoint],
        _ => [],
    };

    /// <summary>
    /// Returns what is to stay of a study: of one that has ended what its space says; of one that is open also what its trials may go on
    /// from, and what each has reached.
    /// </summary>
    public static IEnumerable<ArtifactHash> Needed(StudyState state) => state.Trials.SelectMany(t => Needed(state, t));

    /// <summary>Returns what is to stay of one trial.</summary>
    public static IEnumerable<ArtifactHash> Needed(StudyState state, Trial trial) => (state.Space.Keep, trial.Phase) switch
    {
        (Retention.All, _) => trial.Artifacts,
        (Retention.Champion, TrialPhase.Completed) when !IsChampion(state, trial) => [],
        (_, TrialPhase.Completed { Result: var result }) => Of(new SegmentOutcome.Reached(result)),
        (_, TrialPhase.Failed) => [],
        _ => state.IsOpen ? [.. trial.Checkpoints.TakeLast(KeptCheckpoints).Select(c => c.Hash), .. Best(trial, 0)] : [],
    };

    /// <summary>Which run's model is kept is known once the last repeat has reported.</summary>
    private static bool IsChampion(StudyState state, Trial trial) =>
        state.Champions.Values.Any(c => c.ModelTrial == trial.Id)
        || (state.IsOpen && state.Space.Finalists is not null && state.ClassOf(trial.Class).Finalists.MayBeKept(trial));

    /// <summary>Every report names what it pushes out, so that one step back is all there is to do.</summary>
    private static IEnumerable<ArtifactHash> PushedOut(Trial trial) =>
        trial.Checkpoints.SkipLast(KeptCheckpoints).TakeLast(1).Select(c => c.Hash).Concat(Best(trial, 1));

    /// <summary>The checkpoint of the highest rung that it has reached, or of one below.</summary>
    private static IEnumerable<ArtifactHash> Best(Trial trial, int below) =>
        trial.Rungs.Where(r => r is not null).Reverse().Skip(below).Take(1).Select(r => r!.Checkpoint);
}
