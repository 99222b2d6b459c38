using System.Diagnostics;
using System.Globalization;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers;
using TuneGrid.Simulation;
using TuneGrid.Storage;

namespace TuneGrid.Benchmarks;

/// <summary>
/// How long work waits for an idle silo: from just before a study of one trial is written to the moment a silo, its lease in the ledger,
/// begins to train it. Several silos wait in this process, each with connections of its own; the real worker and coordinator, and a trainer
/// that does nothing.
/// </summary>
internal static class WakeBenchmark
{
    private const double MostSecondsBetween = 0.5;

    public static async Task<int> RunAsync(string[] args)
    {
        var storage = StoreBenchmark.Text(args, "--storage", "sqlite");
        var (silos, rounds) = (StoreBenchmark.Number(args, "--silos", 4), StoreBenchmark.Number(args, "--rounds", 200));
        var folder = Directory.CreateTempSubdirectory("tunegrid-bench-").FullName;
        try
        {
            var place = StoreLocation.Parse(storage == "sqlite" ? folder : storage);
            await StoreAdministration.InitAsync(place, CancellationToken.None);
            using var stop = new CancellationTokenSource();
            var taken = new TakenTrials();
            var idle = Enumerable.Range(0, silos).Select(i => LiveAsync(place, i, taken, stop.Token)).ToList();
            var waits = await MeasureAsync(place, rounds, taken);
            await stop.CancelAsync();
            await Task.WhenAll(idle);
            waits.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(storage == "sqlite" ? storage : "postgres")}, {silos} idle silos, {rounds} rounds: "
                + $"taken after {waits[rounds / 2]:F1} ms (median), {waits[(rounds * 99) / 100]:F1} ms (p99), {waits[^1]:F1} ms (worst)"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<List<double>> MeasureAsync(StoreLocation place, int rounds, TakenTrials taken)
    {
        await using var store = await StoreOpener.OpenAsync(place);
        var random = new Random(1);
        var waits = new List<double>();
        // The first rounds are for the compiler.
        for (var round = -10; round < rounds; round++)
        {
            await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * MostSecondsBetween));
            var next = taken.Next();
            var start = Stopwatch.GetTimestamp();
            var study = new NewStudy("wake-" + Path.GetRandomFileName(), TestSpace.Json(1, 1), TestSpace.Corpus, null, default);
            await StudyLauncher.CreateAsync(store.Studies, study, random, CancellationToken.None);
            var wait = Stopwatch.GetElapsedTime(start, await next.WaitAsync(TimeSpan.FromMinutes(1))).TotalMilliseconds;
            if (round >= 0)
                waits.Add(wait);
        }
        return waits;
    }

    private static async Task LiveAsync(StoreLocation place, int number, TakenTrials taken, CancellationToken stop)
    {
        await using var store = await StoreOpener.OpenAsync(place, cancellation: CancellationToken.None);
        var id = new SiloId(FormattableString.Invariant($"wake-{Environment.ProcessId}-{number}"));
        var silo = new SiloDescription(
            id, new("bench/1of1/reference/1g"), "host", 1, 1, 1 << 30, await store.Studies.NowAsync(stop), SiloActivity.Idle, "");
        var options = new WorkerOptions { Seed = number };
        var coordinator = new LedgerCoordinator(store.Studies, TestSpace.Plan, options, TimeProvider.System);
        var services = new WorkerServices(store.Studies, store.Artifacts, coordinator, taken, TestSpace.Plan, TimeProvider.System)
        {
            DrawToken = () => new(id.Value),
        };
        await new SiloWorker(silo, services, options).RunAsync(stop);
    }

    /// <summary>The trainer of all silos: notes when it was asked, and is done at once.</summary>
    private sealed class TakenTrials : ISegmentRunner
    {
        private TaskCompletionSource<long> _next = new();

        /// <summary>The timestamp of the next trial that is taken.</summary>
        public Task<long> Next() => (_next = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public string? WhyNot(CorpusReference corpus) => corpus == TestSpace.Corpus ? null : "needs another corpus";

        public Task<SegmentOutcome> RunAsync(Assignment order, ISegmentMonitor monitor, CancellationToken stop, CancellationToken abandon)
        {
            _next.TrySetResult(Stopwatch.GetTimestamp());
            return Task.FromResult<SegmentOutcome>(new SegmentOutcome.Reached(
                new(1, 2, order.ToAmount, order.ToAmount, 1, 1, 1, 1, 1, new(new string('a', 64)), null)));
        }
    }
}
