using System.Diagnostics;
using System.Globalization;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage;

namespace TuneGrid.Benchmarks;

/// <summary>Seconds to open an SQLite store of many trials, to list its studies and to read every event of its biggest study.</summary>
internal static class StoreOpenBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        var trials = StoreBenchmark.Number(args, "--trials", 100_000);
        var kept = StoreBenchmark.Text(args, "--keep", "");
        var folder = kept.Length > 0 ? kept : Directory.CreateTempSubdirectory("tunegrid-bench-").FullName;
        try
        {
            await using (var store = await StoreOpener.OpenAsync(StoreLocation.Parse(folder)))
            {
                var writer = new TrialWriter(store.Studies, new("big"), 0);
                await writer.CreateAsync();
                for (var left = trials; left > 0; left -= 500)
                    await writer.WriteManyAsync(Math.Min(left, 500));
            }
            using var process = Process.GetCurrentProcess();
            var (clock, cpu) = (Stopwatch.StartNew(), process.TotalProcessorTime);
            await using var opened = await StoreOpener.OpenAsync(StoreLocation.Parse(folder));
            var studies = await opened.Studies.ListAsync(CancellationToken.None);
            var listed = clock.Elapsed;
            var events = await opened.Studies.ReadAsync(new("big"), 0, CancellationToken.None);
            var completed = events.Count(e => e.Event is TrialCompleted);
            process.Refresh();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{trials} trials: {studies.Count} study listed after {listed.TotalSeconds:F2} s, "
                + $"its {completed} trials ({events.Count} events) after {clock.Elapsed.TotalSeconds:F2} s "
                + $"({(process.TotalProcessorTime - cpu).TotalSeconds:F2} s of processor)"));
            return completed == trials ? 0 : 1;
        }
        finally
        {
            if (kept.Length == 0)
                Directory.Delete(folder, recursive: true);
        }
    }
}
