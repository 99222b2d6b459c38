using System.Globalization;
using TuneGrid.Silo.Corpora;
using TuneGrid.Training;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Engines;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;
using TuneGrid.Training.Tokenization;
using TuneGrid.Training.Torch;
using TuneGrid.Training.Torch.Devices;
using TuneGrid.Training.Torch.Libtorch;

namespace TuneGrid.Benchmarks;

/// <summary>Tokens a second of our own engine beside libtorch's, in turn, on the shapes that the README quotes.</summary>
internal static class EnginesCommand
{
    private static readonly (string Name, TrainingOptions Options)[] Shapes =
    [
        ("plain 128x4 batch 16", new() { Recipe = Recipe.Plain, Width = 128, Depth = 4, BatchSize = 16 }),
        ("plain 192x3 batch 16", new() { Recipe = Recipe.Plain, Width = 192, Depth = 3, BatchSize = 16 }),
        ("modern 256x2 batch 8", new() { Width = 256, Depth = 2 }),
    ];

    public static int Run(string[] args)
    {
        var (seconds, threads) = (5.0, Environment.ProcessorCount);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            if (args[i] == "--seconds")
                seconds = double.Parse(args[i + 1], CultureInfo.InvariantCulture);
            else if (args[i] == "--threads")
                threads = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
        }
        var engines = new List<TrainingEngine> { new NativeEngine(KernelLadder.Best) };
        if (KernelLadder.BestFp32 != KernelLadder.Best)
            engines.Add(new NativeEngine(KernelLadder.BestFp32));
        AddTorch(engines);
        foreach (var (name, options) in Shapes)
        {
            var speeds = engines.ConvertAll(e => (e.Name, Speed: Measure(options, e, threads, seconds)));
            var columns = speeds.Select(s => string.Create(
                CultureInfo.InvariantCulture, $"{s.Name} {s.Speed:0} tokens/s ({s.Speed / speeds[0].Speed:0.00}x)"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}, {threads} threads:  {string.Join("  ", columns)}"));
        }
        return 0;
    }

    private static void AddTorch(List<TrainingEngine> engines)
    {
        var libtorch = LibtorchFolder.Find(
            TuneGridHome.Find(Environment.GetEnvironmentVariable).Folder, Environment.GetEnvironmentVariable);
        if (TorchLibrary.Load(libtorch) is { } problem)
        {
            Console.WriteLine(problem);
            return;
        }
        foreach (var device in Enum.GetValues<TorchDevice>().Where(d => TorchLibrary.Has(d, libtorch)))
        {
            foreach (var precision in Enum.GetNames<TorchPrecision>())
                engines.Add(TorchEngine.Open(device, libtorch, precision));
        }
    }

    private static double Measure(TrainingOptions options, TrainingEngine engine, int threads, double seconds)
    {
        var text = StepBenchmark.MadeUpText(options.Vocabulary);
        var corpus = new EncodedCorpus("made-up", "", Tokenizer.Train([], 257), text, text);
        using var trainer = Trainer.Create(
            options, new(BudgetUnit.Seconds, 1e6), corpus, new(threads, 1, KernelLadder.Best) { Engine = engine });
        trainer.TrainUntil(seconds, null, default);
        return trainer.Progress.TokensPerSecond;
    }
}
