using TuneGrid.Training.Model;

namespace TuneGrid.Training.Optimization;

/// <summary>
/// The learning rate over a run, as a function of the spent share of the budget: fast and slow machines finish their decay at the same
/// moment.
/// </summary>
internal static class Schedule
{
    /// <summary>The average takes in the weights of every so many steps.</summary>
    internal const int StepsPerAveraging = 4;

    private const double MomentumStart = 0.85, BatchStart = 0.25, ContextStart = 0.125;

    /// <summary>Whole tiles of every kernel: attention gains nothing from segments in between.</summary>
    private const int SegmentMultiple = 32;

    /// <summary>Factor on every peak rate: a linear rise over the warm-up, flat, then a linear fall to zero over the decay.</summary>
    /// <param name="spent">Share of the budget that is spent, 0..1.</param>
    public static double RateFactor(TrainingOptions options, double spent)
    {
        var rise = options.Warmup > 0 ? Math.Min(1, spent / options.Warmup) : 1;
        var fall = options.Decay > 0 ? Math.Min(1, (1 - spent) / options.Decay) : 1;
        return Math.Max(0, rise * fall);
    }

    /// <summary>
    /// The next batch: its size rises from a quarter, and attention's reach from an eighth of the context, over their warm-ups.
    /// </summary>
    /// <param name="sequences">Sequences taken so far.</param>
    internal static BatchPlan Batch(TrainingOptions options, long step, long sequences, double spent)
    {
        var size = options.BatchSize * Ramp(BatchStart, spent, options.BatchWarmup);
        // Pairs, because a batch shared by two threads leaves neither waiting.
        var count = options.BatchSize > 2 ? Math.Min(options.BatchSize, 2 * (int)Math.Ceiling(size / 2)) : options.BatchSize;
        var reach = options.Context * Ramp(ContextStart, spent, options.ContextWarmup);
        var segment = Math.Min(options.Context, SegmentMultiple * (int)Math.Ceiling(reach / SegmentMultiple));
        return new(step, sequences, count, segment);
    }

    /// <summary>Muon's momentum rises from 0.85 over its warm-up, while the gradients still turn quickly.</summary>
    public static double Momentum(TrainingOptions options, double spent)
    {
        var start = Math.Min(MomentumStart, options.Momentum);
        return start + ((options.Momentum - start) * Math.Min(1, options.MomentumWarmup > 0 ? spent / options.MomentumWarmup : 1));
    }

    /// <summary>
    /// How far the average moves toward the weights when <paramref name="taken"/> of <paramref name="steps"/> are new to it: an exponential
    /// average whose horizon is a share of the steps so far, and shrinks with the learning rate. Early rungs are smoothed, annealed weights
    /// are not held back.
    /// </summary>
    internal static float AverageWeight(TrainingOptions options, long steps, long taken, double spent)
    {
        var horizon = options.Averaging * steps * RateFactor(options, spent);
        return (float)Math.Min(1, taken / Math.Max(1, horizon));
    }

    private static double Ramp(double start, double spent, double warmup) =>
        warmup > 0 ? Math.Min(1, start + ((1 - start) * spent / warmup)) : 1;
}
