using System.Globalization;
using TuneGrid.Training;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;

namespace TuneGrid.Benchmarks;

/// <summary>Prints one line per run: tokens a second and the milliseconds of a step by phase.</summary>
internal static class StepCommand
{
    public static int Run(string[] args)
    {
        var (seconds, threads, options) = (5.0, Environment.ProcessorCount, new TrainingOptions());
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--seconds")
                seconds = double.Parse(args[++i], CultureInfo.InvariantCulture);
            else if (args[i] == "--threads")
                threads = int.Parse(args[++i], CultureInfo.InvariantCulture);
            else
                options = Apply(options, args[i].Split('='));
        }
        var kernels = KernelLadder.Best;
        var report = StepBenchmark.Measure(options, new TrainerSettings(threads, 1, kernels), seconds);
        var parts = string.Join(
            "  ", report.Milliseconds.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key} {p.Value:F2}")));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kernels.InstructionSet} {threads} threads: {report.TokensPerSecond:F0} tokens/s, "
            + $"{report.StepMilliseconds:F2} ms a step: {parts}"));
        return 0;
    }

    private static TrainingOptions Apply(TrainingOptions options, string[] setting)
    {
        var kind = OptionCatalog.All.Single(o => o.Name == setting[0]).Kind;
        return OptionCatalog.Apply(options, setting[0], kind switch
        {
            OptionKind.Text => setting[1],
            OptionKind.Boolean => bool.Parse(setting[1]),
            _ => double.Parse(setting[1], CultureInfo.InvariantCulture),
        });
    }
}
