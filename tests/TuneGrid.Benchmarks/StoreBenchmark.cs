using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TuneGrid.Coordination.Studies;
using TuneGrid.Runtime.Storage;

namespace TuneGrid.Benchmarks;

/// <summary>
/// Trials proposed and reported a second, by one process or by several children of it that share one study. Afterwards the ledger is read back: every trial
/// must be there once and be completed once.
/// </summary>
internal static class StoreBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        var (processes, trials) = (Number(args, "--processes", 1), Number(args, "--trials", 5000));
        var storage = Text(args, "--storage", "sqlite");
        var folder = Directory.CreateTempSubdirectory("tunegrid-bench-").FullName;
        try
        {
            var place = storage == "sqlite" ? folder : storage;
            if (Text(args, "--study", "") is { Length: > 0 } child)
                return await RunAsChildAsync(place, new(child), trials, Number(args, "--seed", 0));
            var study = new StudyId("bench-" + Path.GetRandomFileName());
            await StoreAdministration.InitAsync(StoreLocation.Parse(place), CancellationToken.None);
            await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(place));
            await new TrialWriter(store.Studies, study, 0).CreateAsync();
            var (seconds, conflicts) = await MeasureAsync(place, study, trials / processes, processes);
            var events = await store.Studies.ReadAsync(study, 0, CancellationToken.None);
            var proposed = events.Select(e => e.Event).OfType<TrialProposed>().Select(e => e.Trial).ToList();
            var completed = events.Select(e => e.Event).OfType<TrialCompleted>().Select(e => e.Trial).ToList();
            var asked = trials / processes * processes;
            var doubled = proposed.Count - proposed.Distinct().Count() + completed.Count - completed.Distinct().Count();
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                storage = storage == "sqlite" ? storage : "postgres",
                processes,
                asked,
                stored = completed.Count,
                lost = asked - completed.Distinct().Count(),
                doubled,
                conflicts,
                seconds = Math.Round(seconds, 2),
                trials_per_s = Math.Round(asked / seconds, 1),
            }));
            return doubled == 0 && completed.Count == asked ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static int Number(string[] args, string name, int otherwise) =>
        int.Parse(Text(args, name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    public static string Text(string[] args, string name, string otherwise) =>
        Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : otherwise;

    /// <summary>Starts the writers, waits until each has opened the store and is warm, and then lets all of them go at once.</summary>
    private static async Task<(double Seconds, int Conflicts)> MeasureAsync(string place, StudyId study, int trialsEach, int processes)
    {
        var children = Enumerable.Range(1, processes).Select(i => StartChild(place, study, trialsEach, i)).ToList();
        foreach (var child in children)
            await child.StandardOutput.ReadLineAsync();
        var clock = Stopwatch.StartNew();
        foreach (var child in children)
            await child.StandardInput.WriteLineAsync("go");
        var conflicts = 0;
        foreach (var child in children)
        {
            var answer = await child.StandardOutput.ReadLineAsync();
            conflicts += int.Parse(answer ?? throw new InvalidOperationException("a writer failed"), CultureInfo.InvariantCulture);
        }
        return (clock.Elapsed.TotalSeconds, conflicts);
    }

    private static async Task<int> RunAsChildAsync(string place, StudyId study, int trials, int seed)
    {
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(place));
        var warm = new TrialWriter(store.Studies, new(FormattableString.Invariant($"{study}-warm-{seed}")), seed);
        await warm.CreateAsync();
        for (var i = 0; i < 50; i++)
            await warm.RunTrialAsync();
        Console.WriteLine("ready");
        // No line comes if the parent has died: then this process ends too.
        if (Console.ReadLine() is null)
            return 1;
        var writer = new TrialWriter(store.Studies, study, seed);
        for (var i = 0; i < trials; i++)
            await writer.RunTrialAsync();
        Console.WriteLine(writer.Conflicts.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static Process StartChild(string place, StudyId study, int trials, int seed)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            ["store", "--storage", place, "--study", study.Value, "--trials", trials.ToString(CultureInfo.InvariantCulture), "--seed", seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }
}
