using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>
/// What people add to a study. Pure, like the <see cref="Coordinator"/>; each answer is empty where the request can't be met.
/// </summary>
public static class Requests
{
    /// <summary>
    /// Returns what lets each hardware class try a configuration next. Empty if the study has ended, its time is over, or no class
    /// proposes any more.
    /// </summary>
    /// <param name="configuration">Searched and fixed values, feasible in the study's space.</param>
    public static WorkDecision.Record Enqueue(StudyState state, Configuration configuration, DateTimeOffset now) =>
        state.IsOpen && !TimeLimit.IsOver(state, now) && (state.Classes.Count == 0 || state.Classes.Any(c => c.ProposalsEnded is null))
            ? new([new TrialEnqueued(now, configuration)], [])
            : new([], []);

    /// <summary>
    /// Returns what lets each hardware class propose as many trials in all, also in a study that has completed. Empty if they are no more
    /// than before, the study was cancelled or its time is over.
    /// </summary>
    public static WorkDecision.Record Extend(StudyState state, int trials, DateTimeOffset now) =>
        state.Status != StudyStatus.Cancelled && trials > state.Space.Trials && !TimeLimit.IsOver(state, now)
            ? new([new StudyExtended(now, trials)], [])
            : new([], []);

    /// <summary>
    /// Returns what lets a failed trial run once more, also in a study that has completed. Empty if there is no such trial, it has not
    /// failed, the study was cancelled or its time is over.
    /// </summary>
    public static WorkDecision.Record Retry(StudyState state, TrialId trial, DateTimeOffset now) =>
        state.Status != StudyStatus.Cancelled && trial.Number >= 0 && trial.Number < state.Trials.Count
            && state.Trial(trial).Phase is TrialPhase.Failed && !TimeLimit.IsOver(state, now)
            ? new([new TrialRetried(now, trial)], [])
            : new([], []);
}
