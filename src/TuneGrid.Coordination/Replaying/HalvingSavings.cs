using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Analysis;

namespace TuneGrid.Coordination.Replaying;

/// <summary>What stopping trials early saved in one hardware class, and what it may have cost.</summary>
/// <param name="Spent">Training seconds over all silos.</param>
/// <param name="Lost">
/// Of them, what led to no score: segments that were lost, given back or thrown away, as far as the ledger tells.
/// </param>
/// <param name="Whole">What it would have been with the whole budget for every trial that did not fail.</param>
/// <param name="Missed">How likely a stopped trial would have beaten the champion.</param>
public sealed record HalvingSavings(HardwareClass Class, double Spent, double Lost, double Whole, MissedChampionEstimate Missed)
{
    /// <summary>Returns the savings of each hardware class of a study.</summary>
    public static IReadOnlyList<HalvingSavings> Of(StudyState state) => [.. state.Classes.Select(c => Of(state, c.Class))];

    private static HalvingSavings Of(StudyState state, HardwareClass hardware)
    {
        var outcomes = new RecordedOutcomes(state, hardware);
        var (spent, lost, whole) = (0.0, 0.0, 0.0);
        foreach (var (index, trial) in outcomes.Trials.Index())
        {
            var rate = outcomes.SecondsPerUnit(index);
            var (used, wasted) = (0.0, 0.0);
            for (var i = 0; i < trial.Segments.Count; i++)
            {
                var (amount, isLost) = Amount(trial, i, rate);
                used += amount * rate;
                wasted += isLost ? amount * rate : 0;
            }
            (spent, lost) = (spent + used, lost + wasted);
            var isFault = trial.Phase is TrialPhase.Failed { Kind: not (FailureKind.Crashed or FailureKind.Cancelled) };
            whole += isFault ? used : state.Space.Budget.Amount * rate;
        }
        return new(hardware, spent, lost, whole, MissedChampion.Estimate(Scores(outcomes)));
    }

    /// <summary>What a segment trained, in budget units, and whether that came to nothing.</summary>
    private static (double Amount, bool IsLost) Amount(Trial trial, int index, double rate)
    {
        var segment = trial.Segments[index];
        var planned = Math.Max(0, segment.ToAmount - segment.FromAmount);
        if (segment.End == SegmentEnd.Reached)
            return (Math.Max(0, segment.Result!.Amount - segment.FromAmount), false);
        if (segment.End == SegmentEnd.Disturbed)
            return (planned, true);
        if (segment.End == SegmentEnd.Paused)
        {
            var next = index + 1 < trial.Segments.Count ? trial.Segments[index + 1].FromAmount : trial.LastCheckpoint?.Amount ?? 0;
            return (Math.Clamp(next - segment.FromAmount, 0, planned), false);
        }
        var seconds = ((segment.EndedAt ?? segment.StartedAt) - segment.StartedAt).TotalSeconds;
        return (rate > 0 ? Math.Clamp(seconds / rate, 0, planned) : 0, segment.End is not (SegmentEnd.Running or SegmentEnd.Failed));
    }

    /// <summary>One row per trial that did not fail by its own fault, one column per rung of any bracket.</summary>
    private static List<IReadOnlyList<double?>> Scores(RecordedOutcomes outcomes)
    {
        var ladder = outcomes.Trials.SelectMany(t => t.Bracket.Rungs).Distinct().Order().ToList();
        return
        [
            .. outcomes.Trials
                .Where(t => t.Phase is not TrialPhase.Failed { Kind: not (FailureKind.Crashed or FailureKind.Cancelled) })
                .Select(t => (IReadOnlyList<double?>)[.. ladder.Select(a =>
                    t.Bracket.Rungs.IndexOf(a) is >= 0 and var rung ? t.Rungs[rung]?.BitsPerByte : null)]),
        ];
    }
}
