using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Simulation;
using TuneGrid.Storage;

namespace TuneGrid.Benchmarks;

/// <summary>
/// Trials proposed and reported a second, by one process or by several children of it, which share one study or write one each. Afterwards
/// the ledgers are read back: every trial must be there once and be completed once.
/// </summary>
internal static class StoreBenchmark
{
    // Sixteen processes on few cores compile for longer than they write at first; a silo lives for hours.
    private const int WarmUpTrials = 1000;

    public static async Task<int> RunAsync(string[] args)
    {
        var (processes, trials) = (Number(args, "--processes", 1), Number(args, "--trials", 5000));
        var storage = Text(args, "--storage", "sqlite");
        var folder = Directory.CreateTempSubdirectory("tunegrid-bench-").FullName;
        try
        {
            var place = storage == "sqlite" ? folder : storage;
            if (Text(args, "--study", "") is { Length: > 0 } child)
                return await RunAsChildAsync(place, new(child), trials, Number(args, "--warm-up", WarmUpTrials), Number(args, "--seed", 0));
            var name = "bench-" + Path.GetRandomFileName();
            var isShared = Text(args, "--studies", "one") == "one";
            StudyId StudyOf(int process) => new(isShared ? name : FormattableString.Invariant($"{name}-{process}"));
            await StoreAdministration.InitAsync(StoreLocation.Parse(place), CancellationToken.None);
            await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(place));
            var studies = Enumerable.Range(1, processes).Select(StudyOf).Distinct().ToList();
            foreach (var study in studies)
                await new TrialWriter(store.Studies, study, 0).CreateAsync();
            var (seconds, processorSeconds, conflicts) = await MeasureAsync(
                place, StudyOf, trials / processes, Number(args, "--warm-up", WarmUpTrials), processes);
            var asked = trials / processes * processes;
            var (completed, doubled) = await CountAsync(store.Studies, studies);
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                storage = storage == "sqlite" ? storage : "postgres",
                processes,
                studies = studies.Count,
                asked,
                lost = asked - completed,
                doubled,
                conflicts,
                seconds = Math.Round(seconds, 2),
                writers_processor_ms_per_trial = Math.Round(processorSeconds * 1000 / asked, 2),
                trials_per_s = Math.Round(asked / seconds, 1),
            }));
            return doubled == 0 && completed == asked ? 0 : 1;
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

    /// <summary>Different trials completed, and trials that were proposed or completed more than once.</summary>
    private static async Task<(int Completed, int Doubled)> CountAsync(IStudyStore store, IReadOnlyList<StudyId> studies)
    {
        var (completed, doubled) = (0, 0);
        foreach (var study in studies)
        {
            var events = (await store.ReadAsync(study, 0, CancellationToken.None)).Select(e => e.Event).ToList();
            var proposals = events.OfType<TrialProposed>().Select(e => e.Trial).ToList();
            var completions = events.OfType<TrialCompleted>().Select(e => e.Trial).ToList();
            var ends = completions.ToHashSet();
            completed += ends.Count;
            doubled += proposals.Count - proposals.ToHashSet().Count + completions.Count - ends.Count;
        }
        return (completed, doubled);
    }

    /// <summary>Starts the writers, waits until each has opened the store and is warm, and then lets all of them go at once.</summary>
    private static async Task<(double Seconds, double ProcessorSeconds, int Conflicts)> MeasureAsync(
        string place, Func<int, StudyId> studyOf, int trialsEach, int warmUp, int processes)
    {
        var children = Enumerable.Range(1, processes).Select(i => StartChild(place, studyOf(i), trialsEach, warmUp, i)).ToList();
        foreach (var child in children)
            await child.StandardOutput.ReadLineAsync();
        var clock = Stopwatch.StartNew();
        foreach (var child in children)
            await child.StandardInput.WriteLineAsync("go");
        var (conflicts, processorSeconds) = (0, 0.0);
        foreach (var child in children)
        {
            var answer = (await child.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("a writer failed")).Split(' ');
            conflicts += int.Parse(answer[0], CultureInfo.InvariantCulture);
            processorSeconds += double.Parse(answer[1], CultureInfo.InvariantCulture);
        }
        return (clock.Elapsed.TotalSeconds, processorSeconds, conflicts);
    }

    private static async Task<int> RunAsChildAsync(string place, StudyId study, int trials, int warmUp, int seed)
    {
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(place));
        // Writers of one study warm up together too, so that reading what others wrote is compiled by then.
        var warm = new TrialWriter(store.Studies, new($"{study}-warm"), seed);
        await warm.CreateAsync();
        await warm.RunTrialsAsync(warmUp);
        Console.WriteLine("ready");
        // No line comes if the parent has died: then this process ends too.
        if (Console.ReadLine() is null)
            return 1;
        var before = Environment.CpuUsage.TotalTime;
        var writer = new TrialWriter(store.Studies, study, seed);
        await writer.RunTrialsAsync(trials);
        Console.WriteLine(FormattableString.Invariant($"{writer.Conflicts} {(Environment.CpuUsage.TotalTime - before).TotalSeconds}"));
        return 0;
    }

    private static Process StartChild(string place, StudyId study, int trials, int warmUp, int seed)
    {
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            [
                "store", "--storage", place, "--study", study.Value,
                "--trials", Text(trials), "--warm-up", Text(warmUp), "--seed", Text(seed),
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }
}
