using System.Globalization;
using TuneGrid.Training.Model;

namespace TuneGrid.Benchmarks.Learning;

/// <summary>
/// Where the best learning rate lies at a small size, at many times its width and at many times its depth: with mup it should stay in
/// place.
/// </summary>
internal static class TransferStudy
{
    private static readonly string[] Sizes = ["width=64 depth=2", "width=512 depth=2", "width=64 depth=8"];

    public static int Run(string[] args)
    {
        var arguments = new Arguments(args);
        var bench = new Bench(arguments.Text("--corpus", "tinystories"), arguments.Number("--threads", Environment.ProcessorCount));
        var (tokens, steps) = (arguments.Number("--tokens", 150_000), arguments.Number("--rates", 5));
        var common = arguments.Text("--base", "parametrization=mup bigram_buckets=0 batch_size=4");
        var seeds = arguments.Number("--seeds", 1);
        var center = arguments.Number("--center-millionths", 12_000) * 1e-6;
        var rates = Enumerable.Range(0, steps).Select(i => center * Math.Pow(2, 0.75 * (i - (steps / 2)))).ToArray();
        Bench.Print($"| size | {Joined(" | ", rates, "G3")} | best |");
        Console.WriteLine($"|{string.Concat(Enumerable.Repeat(" --- |", steps + 2))}");
        var best = new List<double>();
        foreach (var size in arguments.Rest.Count > 0 ? arguments.Rest.ToArray() : Sizes)
        {
            var scores = rates.Select(r => Mean(Bench.Options($"{common} {size}", new TrainingOptions { LearningRate = r }))).ToArray();
            best.Add(Optimum(rates, scores));
            Bench.Print($"| {size} | {Joined(" | ", scores, "F4")} | {best[^1]:G3} |");
        }
        Bench.Print($"\nbest rates over the first size's: {Joined(", ", best.Select(b => b / best[0]), "F2")}");
        return 0;

        double Mean(TrainingOptions options) => Enumerable.Range(0, seeds).Average(seed => bench.Score(options, tokens, seed));
    }

    private static string Joined(string separator, IEnumerable<double> values, string format) =>
        string.Join(separator, values.Select(v => v.ToString(format, CultureInfo.InvariantCulture)));

    /// <summary>The vertex of the parabola, over the logarithm of the rate, through the best score and its neighbours.</summary>
    private static double Optimum(double[] rates, double[] scores)
    {
        var i = Array.IndexOf(scores, scores.Where(double.IsFinite).Min());
        if (i == 0 || i == rates.Length - 1 || !double.IsFinite(scores[i - 1] + scores[i + 1]))
            return rates[i];
        var (left, right) = (scores[i - 1] - scores[i], scores[i + 1] - scores[i]);
        return rates[i] * Math.Pow(rates[1] / rates[0], (left - right) / (2 * (left + right)));
    }
}
