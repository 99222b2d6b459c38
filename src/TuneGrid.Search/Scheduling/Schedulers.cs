using System.Collections.Immutable;
using TuneGrid.Search.Scheduling.Brackets;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Scheduling;

public static class Schedulers
{
    /// <summary>A fresh scheduler for one hardware class of a study over this space.</summary>
    public static IScheduler Create(SearchSpace space)
    {
        var (spec, budget) = (space.Scheduler, space.Budget.Amount);
        return spec.Type switch
        {
            SchedulerType.Asha => One(new AsynchronousBracket(Single(spec.Rungs), spec.Eta)),
            SchedulerType.SuccessiveHalving => One(new SynchronousBracket(Single(spec.Rungs), spec.Eta)),
            SchedulerType.Random => One(new AsynchronousBracket(Single(1), spec.Eta)),
            SchedulerType.Hyperband => new BracketScheduler([.. HyperbandBrackets(budget, spec.Eta, spec.Rungs, space.Trials).Select(b => new AsynchronousBracket(b, spec.Eta))]),
            _ => throw new ArgumentOutOfRangeException(nameof(space), spec.Type, "unknown scheduler"),
        };

        Bracket Single(int rungs) => new(0, RungAmounts(budget, spec.Eta, rungs), space.Trials);
        static BracketScheduler One(BracketState bracket) => new([bracket]);
    }

    /// <summary>budget / eta^(rungs-1), ..., budget / eta, budget: by repeated division from the top, so that the last is exactly the budget.</summary>
    public static ImmutableArray<double> RungAmounts(double budget, int eta, int rungs)
    {
        var amounts = new double[rungs];
        for (var (i, amount) = (rungs - 1, budget); i >= 0; i--, amount /= eta)
            amounts[i] = amount;
        return [.. amounts];
    }

    /// <summary>
    /// Hyperband's brackets (Li et al. 2018, arXiv:1603.06560), the most aggressive first: bracket s has s + 1 rungs and ceil((smax + 1) / (s + 1) * eta^s)
    /// trials in the paper; here those numbers are shares of <paramref name="trials"/>. Whole-number powers only: a logarithm would lose a bracket to rounding.
    /// </summary>
    public static IReadOnlyList<Bracket> HyperbandBrackets(double budget, int eta, int rungs, int trials)
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
    private static int[] Share(int total, long[] weights)
    {
        var sum = weights.Sum();
        var parts = weights.Select(w => (int)(total * w / sum)).ToArray();
        foreach (var i in Enumerable.Range(0, weights.Length).OrderByDescending(i => total * weights[i] % sum).ThenBy(i => i).Take(total - parts.Sum()))
            parts[i]++;
        return parts;
    }
}
