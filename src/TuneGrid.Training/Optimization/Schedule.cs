using TuneGrid.Training.Model;

namespace TuneGrid.Training.Optimization;

/// <summary>The learning rate over a run, as a function of the spent share of the budget: fast and slow machines finish their decay at the same moment.</summary>
public static class Schedule
{
    /// <summary>The average takes in the weights of every so many steps.</summary>
    internal const int StepsPerAveraging = 4;

    private const double MomentumStart = 0.85, MomentumWarmup = 0.1;

    /// <summary>Factor on every peak rate: a linear rise over the warm-up, flat, then a linear fall to zero over the decay.</summary>
    /// <param name="spent">Share of the budget that is spent, 0..1.</param>
    public static double RateFactor(TrainingOptions options, double spent)
    {
        var rise = options.Warmup > 0 ? Math.Min(1, spent / options.Warmup) : 1;
        var fall = options.Decay > 0 ? Math.Min(1, (1 - spent) / options.Decay) : 1;
        return Math.Max(0, rise * fall);
    }

    /// <summary>Muon's momentum rises from 0.85 over the first tenth, while the gradients still turn quickly.</summary>
    public static double Momentum(TrainingOptions options, double spent)
    {
        var start = Math.Min(MomentumStart, options.Momentum);
        return start + ((options.Momentum - start) * Math.Min(1, spent / MomentumWarmup));
    }

    /// <summary>
    /// How far the average moves toward the weights when <paramref name="taken"/> of <paramref name="steps"/> are new to it: an exponential average whose horizon
    /// is a share of the steps so far, and shrinks with the learning rate. Early rungs are smoothed, annealed weights are not held back.
    /// </summary>
    internal static float AverageWeight(TrainingOptions options, long steps, long taken, double spent)
    {
        var horizon = options.Averaging * steps * RateFactor(options, spent);
        return (float)Math.Min(1, taken / Math.Max(1, horizon));
    }
}
