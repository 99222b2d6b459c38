using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Analysis;

/// <summary>What one rung will cost.</summary>
/// <param name="Amount">Where it stands, in budget units.</param>
/// <param name="Trials">How many trials reach it if none fails.</param>
/// <param name="Spent">What they spend on the way from the rung below, all together, in budget units.</param>
/// <param name="Survival">
/// The chance that the truly best of the configurations is not lost by then; at the last, that it is the one that is named. Null where the
/// noise is unknown.
/// </param>
public sealed record RungPlan(double Amount, int Trials, double Spent, double? Survival);

/// <summary>What a study will cost in one hardware class, if no trial fails.</summary>
/// <param name="Rungs">Of all brackets together, in ascending order of amount.</param>
/// <param name="Trials">How many configurations are tried.</param>
/// <param name="Finalists">How many of them run again.</param>
/// <param name="Repeats">How often each of these does.</param>
/// <param name="IsBound">True where the rule decides as it goes, and the plan is the most that it may take.</param>
public sealed record HalvingPlan(IReadOnlyList<RungPlan> Rungs, int Trials, int Finalists, int Repeats, bool IsBound)
{
    /// <summary>What the control spends above the first rung, in budget units; 0 without one. It stands in the rungs too.</summary>
    public double ControlSpent { get; init; }

    /// <summary>What the finalists' repeats spend, in budget units.</summary>
    public double RepeatsSpent => (double)Finalists * Repeats * Rungs[^1].Amount;

    /// <summary>What the whole study spends, in budget units.</summary>
    public double Spent => Rungs.Sum(r => r.Spent) + RepeatsSpent;

    /// <summary>Returns the plan of a space.</summary>
    /// <param name="noise">Of the class; null where it is unknown.</param>
    public static HalvingPlan Of(SearchSpace space, NoiseModel? noise)
    {
        var ladders = Schedulers.Create(space).Brackets.Select(b => Climb(space, b)).ToList();
        var finalists = FinalistsOf(space, ladders.Sum(l => l.Entering[^1]));
        var repeats = finalists > 0 ? space.Finalists!.Repeats : 0;
        var isBound = space.Scheduler.Type is not (
            SchedulerType.Asha or SchedulerType.SuccessiveHalving or SchedulerType.Hyperband or SchedulerType.Random or SchedulerType.Auto);
        var amounts = ladders.SelectMany(l => l.Bracket.Rungs).Distinct().Order().ToArray();
        var survival = noise is null || isBound ? null : new SurvivalEstimate(ladders, noise, finalists, repeats).Of(amounts);
        return new(
            [.. amounts.Select((a, i) => new RungPlan(a, ladders.Sum(l => l.TrialsAt(a)), ladders.Sum(l => l.SpentAt(a)), survival?[i]))],
            space.Trials, finalists, repeats, isBound)
        {
            ControlSpent = space.Control ? amounts[^1] - ladders[0].Bracket.Rungs[0] : 0,
        };
    }

    /// <summary>
    /// Of n trials floor(n / eta) go on, and at least one; the control, which is among the first bracket's, goes on beside them.
    /// Asynchronous promotion may add one where the leader comes last.
    /// </summary>
    private static Ladder Climb(SearchSpace space, Bracket bracket)
    {
        var entering = new int[bracket.Rungs.Length];
        var control = space.Control && bracket.Index == 0 ? 1 : 0;
        var others = bracket.Trials - control;
        for (var rung = 0; rung < entering.Length; rung++, others = others == 0 ? 0 : Math.Max(1, others / space.Scheduler.Eta))
            entering[rung] = others + control;
        return new(bracket, entering, control);
    }

    /// <summary>The best, and the control even if it is not among them.</summary>
    private static int FinalistsOf(SearchSpace space, int completed) => space.Finalists is { } spec
        ? Math.Min(spec.Count, completed) + (space.Control && completed > spec.Count ? 1 : 0)
        : 0;
}

/// <summary>One bracket and how many trials reach each of its rungs.</summary>
/// <param name="Control">How many of them reach every rung whatever their scores.</param>
internal sealed record Ladder(Bracket Bracket, int[] Entering, int Control)
{
    public int TrialsAt(double amount) => Bracket.Rungs.IndexOf(amount) is >= 0 and var rung ? Entering[rung] : 0;

    public double SpentAt(double amount) => Bracket.Rungs.IndexOf(amount) is >= 0 and var rung
        ? Entering[rung] * (amount - (rung > 0 ? Bracket.Rungs[rung - 1] : 0))
        : 0;
}
