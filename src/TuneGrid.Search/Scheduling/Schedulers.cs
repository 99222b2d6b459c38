using System.Collections.Immutable;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Scheduling;

/// <summary>Makes schedulers from what a space says.</summary>
public static class Schedulers
{
    /// <summary>Returns a new scheduler, without trials, for one hardware class of a study over this space.</summary>
    public static IScheduler Create(SearchSpace space)
    {
        var (spec, budget) = (space.Scheduler, space.Budget.Amount);
        return spec.Type switch
        {
            SchedulerType.Asha or SchedulerType.Auto => Scheduler(PromotionRule.Asynchronous, Single(spec.Rungs)),
            SchedulerType.SuccessiveHalving => Scheduler(PromotionRule.Synchronous, Single(spec.Rungs)),
            SchedulerType.Random => Scheduler(PromotionRule.Asynchronous, Single(1)),
            SchedulerType.Pasha => Scheduler(PromotionRule.Progressive, Single(spec.Rungs)),
            SchedulerType.MedianStop => Scheduler(PromotionRule.Median, Single(spec.Rungs)),
            SchedulerType.FreezeThaw => new FreezeThawScheduler(Single(spec.Rungs), spec.Eta, space.Seed),
            SchedulerType.Hyperband =>
                Scheduler(PromotionRule.Asynchronous, [.. HyperbandBrackets(budget, spec.Eta, spec.Rungs, space.Trials)]),
            _ => throw new ArgumentOutOfRangeException(nameof(space), spec.Type, "unknown scheduler"),
        };

        Bracket Single(int rungs) => new(0, RungAmounts(budget, spec.Eta, rungs), space.Trials);
        BracketScheduler Scheduler(PromotionRule rule, params Bracket[] brackets) =>
            new([.. brackets.Select(b => new BracketState(b, spec.Eta, rule))]);
    }

    /// <summary>Returns which scheduler promotes and why; null unless the space leaves the choice open.</summary>
    public static AutoChoice? Explain(SearchSpace space) => space.Scheduler.Type != SchedulerType.Auto ? null
        : new("asha", "asha, which never waits and found good configurations soonest on recorded learning curves, with every sampler");

    /// <summary>
    /// Returns budget / eta^(rungs-1), ..., budget / eta, budget, by repeated division from the top, so that the last is exactly the
    /// budget.
    /// </summary>
    internal static ImmutableArray<double> RungAmounts(double budget, int eta, int rungs)
    {
        var amounts = new double[rungs];
        for (var (i, amount) = (rungs - 1, budget); i >= 0; i--, amount /= eta)
            amounts[i] = amount;
        return [.. amounts];
    }

    /// <summary>
    /// Returns Hyperband's brackets (Li et al. 2018, arXiv:1603.06560), the most aggressive first: bracket s has s + 1 rungs and
    /// ceil((smax + 1) / (s + 1) * eta^s) trials in the paper; here those numbers are shares of <paramref name="trials"/>. Whole-number
    /// powers only: a logarithm would lose a bracket to rounding.
    /// </summary>
    internal static IReadOnlyList<Bracket> HyperbandBrackets(double budget, int eta, int rungs, int trials)
    {
        var wanted = new long[rungs];
        var power = 1L;
        for (var s = 0; s < rungs; s++, power *= eta)
            wanted[s] = ((rungs * power) + s) / (s + 1);
        Array.Reverse(wanted);
        var given = Share(trials, wanted);
        var brackets = new List<Bracket>();
        for (var i = 0; i < rungs; i++)
        {
            if (given[i] > 0)
                brackets.Add(new Bracket(brackets.Count, RungAmounts(budget, eta, rungs - i), given[i]));
        }
        return brackets;
    }

    /// <summary>Splits a total in proportion, largest remainders first, so that the parts add up to it exactly.</summary>
    internal static int[] Share(int total, long[] weights)
    {
        // Deep ladders have weights near 2^60, whose products need more than 64 bits.
        var sum = weights.Aggregate((Int128)0, (s, w) => s + w);
        var parts = weights.Select(w => (int)((Int128)total * w / sum)).ToArray();
        var byRemainder = Enumerable.Range(0, weights.Length).OrderByDescending(i => (Int128)total * weights[i] % sum).ThenBy(i => i);
        foreach (var i in byRemainder.Take(total - parts.Sum()))
            parts[i]++;
        return parts;
    }
}
