using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Simulation.Tables;

/// <summary>What the champion of a search that has ended is worth.</summary>
/// <param name="Regret">Of its configuration's own full training, without the luck of a run.</param>
/// <param name="IsBest">Whether no other configuration that was fully trained is better.</param>
public sealed record ReplayChampion(double Regret, bool IsBest)
{
    /// <summary>Returns the champion; null while the study is open, or where none was fully trained.</summary>
    internal static ReplayChampion? Of(StudyState state, ISimulatedTask task)
    {
        if (state.IsOpen || state.Champions.Count == 0)
            return null;
        var champion = Truth(state.Champions.Values.First().Trial.Number);
        var best = state.Trials.Where(t => t.Phase is TrialPhase.Completed && t.RepeatOf is null).Min(t => Truth(t.Id.Number));
        return new((champion - task.Scale.BestFull) / task.Scale.Unit, champion <= best);

        double Truth(int trial) => task.Train(state.Trials[trial].Configuration, trial).Truths[^1];
    }
}
