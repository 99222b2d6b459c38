using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Studies;

/// <summary>
/// Who can hold which trial. What no silo of the class could ever hold fails at once; what only this silo can't is left to another, and
/// fails once no living silo is left that could.
/// </summary>
internal static class MemoryNeed
{
    /// <summary>
    /// So many trials may wait for a silo with more memory; then the one that can't hold them proposes no more, since a sampler that learns
    /// should not propose a whole study before its first score.
    /// </summary>
    public const int MostWaiting = 4;

    /// <summary>Returns whether the silo that makes the offer may train this trial.</summary>
    public static bool Fits(StudyState state, Trial trial, WorkOffer offer) =>
        offer.MemoryLimitBytes == long.MaxValue || Bytes(state, trial, offer) <= offer.MemoryLimitBytes;

    /// <summary>Returns what the trial takes with the silo's threads, in bytes.</summary>
    public static long Bytes(StudyState state, Trial trial, WorkOffer offer) =>
        state.Plan.MemoryBytes(trial.Configuration, offer.Threads);

    /// <summary>Returns the class's trials that wait for a silo and that this one can't hold, at most <see cref="MostWaiting"/>.</summary>
    public static IReadOnlyList<Trial> Waiting(StudyState state, ClassState group, WorkOffer offer) =>
        offer.MemoryLimitBytes == long.MaxValue
            ? []
            : [.. group.Ready.Select(state.Trial).Where(t => !Fits(state, t, offer)).Take(MostWaiting)];

    /// <summary>Returns what ends the trial if no silo of the class could hold it, else null.</summary>
    public static TrialFailed? BeyondClass(WorkOffer offer, TrialProposed proposed, long bytes) => bytes > offer.ClassMemoryBytes
        ? new(
            offer.Now, proposed.Trial, default, FailureKind.Infeasible,
            $"it needs {Text(bytes)}, more than machines of its hardware class have ({Text(offer.ClassMemoryBytes)})")
        : null;

    /// <summary>Returns what ends those of the waiting trials that no living silo of the class can hold.</summary>
    public static IReadOnlyList<StudyEvent> BeyondLiving(StudyState state, IReadOnlyList<Trial> waiting, WorkOffer offer)
    {
        if (offer.Living is not { } living)
            return [];
        var most = Math.Max(offer.MemoryLimitBytes, living.GetValueOrDefault(offer.Class));
        return [.. from trial in waiting let bytes = Bytes(state, trial, offer) where bytes > most select Failed(trial, bytes)];

        TrialFailed Failed(Trial trial, long bytes) => new(
            offer.Now, trial.Id, trial.Segments.Count > 0 ? trial.Segments[^1].Fence : default, FailureKind.Infeasible,
            $"it needs {Text(bytes)}, and no living silo of its hardware class may use more than {Text(most)} "
                + "(--memory-limit, or the machine's own limit)");
    }

    /// <summary>Returns for people why the silo leaves these trials to others.</summary>
    public static string Why(StudyState state, IReadOnlyList<Trial> waiting, WorkOffer offer) =>
        $"{state.Id} {waiting[0].Id} needs {Text(Bytes(state, waiting[0], offer))}, and this silo may use {Text(offer.MemoryLimitBytes)}";

    private static string Text(long bytes) => bytes switch
    {
        >= 1L << 30 => FormattableString.Invariant($"{bytes / (double)(1L << 30):0.0} GiB"),
        >= 1L << 20 => FormattableString.Invariant($"{bytes / (double)(1L << 20):0} MiB"),
        _ => FormattableString.Invariant($"{bytes / 1024.0:0} KiB"),
    };
}
