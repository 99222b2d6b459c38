using TuneGrid.Search.Space;

namespace TuneGrid.Simulation.Tables;

/// <summary>The search space of a task, as it is searched with these options.</summary>
internal static class ReplaySpace
{
    /// <summary>As many as a space may ask for: the budget ends the search.</summary>
    private const int MostTrials = 1_000_000;

    public static SearchSpace Of(ISimulatedTask task, ReplayOptions options)
    {
        var rungs = options.Rungs ?? Rungs(task, options);
        var most = options.Scheduler == SchedulerType.SuccessiveHalving ? Synchronous(task, options, rungs) : MostTrials;
        return task.Space with
        {
            Scheduler = new(options.Scheduler, options.Eta, rungs),
            Sampler = new(options.Sampler),
            Trials = options.Trials ?? most,
            Seed = options.Seed,
            Finalists = options.Finalists,
        };
    }

    /// <summary>
    /// As many as fit between the whole training and the first point that may be a rung, no two at one point. A rung between two points
    /// is at the later one.
    /// </summary>
    private static int Rungs(ISimulatedTask task, ReplayOptions options)
    {
        var (rungs, amount, below) = (1, task.Space.Budget.Amount / options.Eta, task.Amounts.Count - 1);
        while (Point(task.Amounts, amount) is var point && point < below && point >= options.FirstPoint - 1)
            (rungs, amount, below) = (rungs + 1, amount / options.Eta, point);
        return rungs;
    }

    private static int Point(IReadOnlyList<double> amounts, double amount)
    {
        var point = 0;
        while (amounts[point] < amount)
            point++;
        return point;
    }

    /// <summary>As many as halving them takes the whole budget for, if all trainings last equally long.</summary>
    private static int Synchronous(ISimulatedTask task, ReplayOptions options, int rungs)
    {
        var (perTrial, share, before) = (0.0, 1.0, 0.0);
        for (var rung = 0; rung < rungs; rung++, share /= options.Eta)
        {
            var amount = task.Space.Budget.Amount / Math.Pow(options.Eta, rungs - 1 - rung);
            perTrial += share * (amount - before) / task.Space.Budget.Amount;
            before = amount;
        }
        return (int)Math.Clamp(options.Trainings / perTrial, 1, MostTrials);
    }
}
