using System.Diagnostics;
using TuneGrid.Simulation;

namespace TuneGrid.Benchmarks;

/// <summary>The simulation of the tests over as many seeds as wanted, or one again.</summary>
internal static class SimulateCommand
{
    public static int Run(string[] args)
    {
        var only = StoreBenchmark.Number(args, "--seed", -1);
        var (first, count) = only >= 0
            ? (only, 1)
            : (StoreBenchmark.Number(args, "--from", 0), StoreBenchmark.Number(args, "--seeds", 200));
        var clock = Stopwatch.StartNew();
        var failed = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            try
            {
                Survival.Run(seed);
            }
            catch (InvalidOperationException exception)
            {
                failed++;
                Console.Error.WriteLine(only >= 0 ? exception.ToString() : exception.Message);
            }
        }
        Console.WriteLine(FormattableString.Invariant($"{count} seeds from {first}: {failed} failed, {clock.Elapsed.TotalSeconds:F1} s"));
        return failed == 0 ? 0 : 1;
    }
}
