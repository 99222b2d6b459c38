using TuneGrid.Training.Corpora;
using TuneGrid.Training.Model;
using TuneGrid.Training.Optimization;
using TuneGrid.Training.Randomness;
using TuneGrid.Training.Threading;

namespace TuneGrid.Training;

/// <summary>How fast whole training steps are.</summary>
/// <param name="Milliseconds">
/// Of one step, by what the threads were doing: averaged over threads, waiting counted as other, so that the parts add up.
/// </param>
public sealed record StepReport(double TokensPerSecond, double StepMilliseconds, IReadOnlyDictionary<StepPhase, double> Milliseconds);

/// <summary>Measures whole training steps on made-up text: how fast, and where the time goes.</summary>
public static class StepBenchmark
{
    private const int Tokens = 200_000, WarmUpSteps = 5;

    /// <summary>Runs steps of full batch and context, after a few to warm up.</summary>
    /// <param name="seconds">How long to measure, at least one step.</param>
    public static StepReport Measure(TrainingOptions options, TrainerSettings settings, double seconds)
    {
        using var step = new TrainingStep(new ModelLayout(options), MadeUpText(options.Vocabulary), settings, settings.Seed);
        unsafe
        {
            InitialWeights.Fill(step.Layout, settings.Seed, step.Weights.Data);
        }
        for (var i = 0; i < WarmUpSteps; i++)
            Run(step);
        foreach (var clock in step.Clocks)
            clock.Reset();
        var start = settings.Time.GetTimestamp();
        var steps = 0;
        double elapsed;
        do
        {
            Run(step);
            steps++;
            elapsed = settings.Time.GetElapsedTime(start).TotalSeconds;
        }
        while (elapsed < seconds);
        foreach (var clock in step.Clocks)
            clock.Switch(StepPhase.Other);
        var parts = Enum.GetValues<StepPhase>().ToDictionary(p => p, p => step.Clocks.Average(c => c.Seconds(p)) / steps * 1e3);
        return new StepReport((double)steps * options.BatchSize * options.Context / elapsed, elapsed / steps * 1e3, parts);
    }

    private static void Run(TrainingStep step)
    {
        step.Gradients(Schedule.Batch(step.Layout.Options, step.Steps, step.Steps * step.Layout.Options.BatchSize, spent: 1));
        step.Update(0.3);
    }

    /// <summary>Token ids with a frequency that falls as in text.</summary>
    internal static TokenSequence MadeUpText(int vocabulary)
    {
        var random = new Gaussian(1);
        var tokens = new ushort[Tokens];
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = (ushort)Math.Min(vocabulary - 1, Math.Exp(random.NextUniform() * Math.Log(vocabulary)));
        return new TokenSequence(tokens, [0], tokens.Length);
    }
}
