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
                return await WriteTrialsAsync(place, new(child), trials, Number(args, "--seed", 0));
            var study = new StudyId("bench-" + Path.GetRandomFileName());
            await StoreAdministration.InitAsync(StoreLocation.Parse(place), CancellationToken.None);
            await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(place));
            await new TrialWriter(store.Studies, study, 0).CreateAsync();
            // One trial by the parent, so that nothing is measured cold, then the clock.
            await WriteTrialsAsync(place, study, 1, 0);
            var clock = Stopwatch.StartNew();
            if (processes == 1)
                await WriteTrialsAsync(place, study, trials, 1);
            else
                await Task.WhenAll(Enumerable.Range(1, processes).Select(i => RunChildAsync(place, study, trials / processes, i)));
            var seconds = clock.Elapsed.TotalSeconds;
            var events = await store.Studies.ReadAsync(study, 0, CancellationToken.None);
            var proposed = events.Select(e => e.Event).OfType<TrialProposed>().Select(e => e.Trial).ToList();
            var completed = events.Select(e => e.Event).OfType<TrialCompleted>().Select(e => e.Trial).ToList();
            var asked = (trials / processes * processes) + 1;
            var doubled = proposed.Count - proposed.Distinct().Count() + completed.Count - completed.Distinct().Count();
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                storage = storage == "sqlite" ? storage : "postgres",
                processes,
                asked,
                stored = completed.Count,
                lost = asked - completed.Distinct().Count(),
                doubled,
                seconds = Math.Round(seconds, 2),
                trials_per_s = Math.Round((asked - 1) / seconds, 1),
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

    private static string Text(string[] args, string name, string otherwise) =>
        Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : otherwise;

    private static async Task<int> WriteTrialsAsync(string place, StudyId study, int trials, int seed)
    {
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(place));
        var writer = new TrialWriter(store.Studies, study, seed);
        for (var i = 0; i < trials; i++)
            await writer.RunTrialAsync();
        return 0;
    }

    private static async Task RunChildAsync(string place, StudyId study, int trials, int seed)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        foreach (var argument in (string[])[
            "store", "--storage", place, "--study", study.Value, "--trials", trials.ToString(CultureInfo.InvariantCulture),
            "--seed", seed.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }
        using var child = Process.Start(start)!;
        await child.WaitForExitAsync();
        if (child.ExitCode != 0)
            throw new InvalidOperationException(FormattableString.Invariant($"writer {seed} ended with exit code {child.ExitCode}"));
    }
}
