using System.Diagnostics;
using System.Globalization;
using TuneGrid.Simulation.Scale;

namespace TuneGrid.Benchmarks;

/// <summary>What a study costs as its fleet grows, from the simulation.</summary>
internal static class ScaleBenchmark
{
    public static int Run(string[] args)
    {
        var (least, most) = (StoreBenchmark.Number(args, "--from", 10), StoreBenchmark.Number(args, "--silos", 10_000));
        var each = StoreBenchmark.Number(args, "--trials-per-silo", 4);
        Console.WriteLine(
            "| silos | trials | us/decision | ops/trial | wait for a turn | events/read | rows/trial | idle "
            + "| rungs run out of work after | whole study | ops/trial, whole | simulated in |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (var silos = least; silos <= most; silos = silos.ToString(CultureInfo.InvariantCulture)[0] == '1' ? silos * 3 : silos / 3 * 10)
        {
            var clock = Stopwatch.StartNew();
            var r = new ScaleStudy(silos, each).Run();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {r.Silos} | {r.Trials} | {r.DecideMicroseconds:F1} | {r.OperationsPerTrial:F1} | {r.QueueMilliseconds:F1} ms "
                + $"| {r.EventsReadPerAsk:F0} | {r.RowsPerTrial:F0} | {r.IdleShare:P2} | {r.WorkUntil.TotalSeconds:F0} s "
                + $"| {r.Ended.TotalSeconds:F0} s | {r.WholeOperationsPerTrial:F1} | {clock.Elapsed.TotalSeconds:F1} s |"));
        }
        return 0;
    }
}
