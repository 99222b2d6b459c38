using TuneGrid.Search.Analysis;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Segments;
using TuneGrid.Training;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Model;

namespace TuneGrid.Benchmarks.Learning;

/// <summary>
/// How well the score at each rung tells the final one: Spearman's correlation over random configurations of a search space, for the
/// weights of the moment, the averaged ones, and a short branch whose rate falls to zero. Each configuration gets the same arithmetic, so
/// that the answer does not depend on a busy machine.
/// </summary>
internal static class RungStudy
{
    private static readonly double[] Rungs = [1.0 / 27, 1.0 / 9, 1.0 / 3, 1];

    /// <summary>Of the amount trained so far: what a branch adds.</summary>
    private const double BranchShare = 0.15;

    private const int ScoredTokens = 30_000;

    public static int Run(string[] args)
    {
        var arguments = new Arguments(args);
        var bench = new Bench(arguments.Text("--corpus", "tinystories"), arguments.Number("--threads", Environment.ProcessorCount));
        var (trials, gigaflops) = (arguments.Number("--trials", 16), arguments.Number("--gigaflops", 5000));
        var file = arguments.Text("--space", "search-spaces/gpt.json");
        var space = SearchSpaceReader.Read(File.ReadAllText(file), file, TrainingParameterCatalog.Instance, []).Space
            ?? throw new InvalidDataException($"{file} is no valid search space");
        var sampler = Samplers.Create(space, TrainingParameterCatalog.Instance);
        var runs = new List<RungScores[]>();
        var history = new SearchHistory();
        for (var trial = 0; trial < trials; trial++)
        {
            var configuration = sampler.Propose(history).Configuration;
            history.Proposed(trial, configuration);
            var options = TrainingParameterCatalog.Options(configuration);
            runs.Add(Train(options, (long)(gigaflops * 1e9 / Flops(options)), trial, bench));
            var shape = $"width {options.Width} depth {options.Depth} batch {options.BatchSize}";
            var scores = string.Join("  ", runs[^1].Select(s => $"{s.Raw:F4}/{s.Averaged:F4}/{s.Branch:F4}"));
            Bench.Print($"{trial}: {shape} rate {options.LearningRate:G3}: {scores}");
        }
        Console.WriteLine("| rung | raw weights | averaged | decay branch |\n| --- | --- | --- | --- |");
        var final = runs.Select(r => r[^1].Averaged).ToArray();
        for (var rung = 0; rung < Rungs.Length - 1; rung++)
        {
            double Correlation(Func<RungScores, double> score) => RankCorrelation.Spearman([.. runs.Select(r => score(r[rung]))], final);
            var (raw, averaged, branch) = (Correlation(s => s.Raw), Correlation(s => s.Averaged), Correlation(s => s.Branch));
            Bench.Print($"| 1/{1 / Rungs[rung]:F0} | {raw:F3} | {averaged:F3} | {branch:F3} |");
        }
        return 0;
    }

    /// <summary>
    /// Of forward and backward, for a token: six for every weight that multiplies it, and attention over half the context.
    /// </summary>
    private static double Flops(TrainingOptions options)
    {
        double width = options.Width;
        var weights = (options.Depth * width * width * (4 + (2 * options.MlpRatio))) + (options.Vocabulary * width);
        return (6 * weights) + (6 * options.Depth * width * options.Context);
    }

    private static RungScores[] Train(TrainingOptions options, long tokens, int seed, Bench bench)
    {
        var corpus = bench.Corpus(options.Vocabulary);
        var folder = Directory.CreateTempSubdirectory("tunegrid-rungs-").FullName;
        try
        {
            var checkpoint = Path.Combine(folder, "checkpoint");
            var settings = bench.Settings(seed);
            using var trainer = Trainer.Create(options, new(BudgetUnit.Tokens, tokens), corpus, settings);
            var scores = new List<RungScores>();
            foreach (var rung in Rungs)
            {
                if (trainer.TrainUntil(rung * tokens, null, default) == TrainingStop.Diverged)
                {
                    var worst = new RungScores(double.MaxValue, double.MaxValue, double.MaxValue);
                    return [.. scores, .. Enumerable.Repeat(worst, Rungs.Length - scores.Count)];
                }
                trainer.SaveCheckpoint(checkpoint);
                // Without averaging, the branch of no length scores the weights of the moment.
                var raw = Branch(checkpoint, 0, trainer.Progress.Tokens, corpus, settings);
                var branch = rung < 1 ? Branch(checkpoint, BranchShare, trainer.Progress.Tokens, corpus, settings) : raw;
                scores.Add(new(raw, trainer.Evaluate(corpus.Valid, ScoredTokens, default).BitsPerByte, branch));
            }
            return [.. scores];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// The score after so much more training, relative to what was trained so far, with a rate that falls to zero and without averaging.
    /// </summary>
    private static double Branch(string checkpoint, double share, long tokens, EncodedCorpus corpus, TrainerSettings settings)
    {
        var budget = new TrainingBudget(BudgetUnit.Tokens, tokens * (1 + share));
        using var branch = Trainer.Resume(checkpoint, corpus, settings, terms => terms with
        {
            Options = terms.Options with
            {
                Averaging = 0, Warmup = 0, Decay = share / (1 + share), MomentumWarmup = 0, BatchWarmup = 0, ContextWarmup = 0,
            },
            Budget = budget,
        });
        return branch.TrainUntil(budget.Amount, null, default) == TrainingStop.Diverged
            ? double.MaxValue
            : branch.Evaluate(corpus.Valid, ScoredTokens, default).BitsPerByte;
    }

    private sealed record RungScores(double Raw, double Averaged, double Branch);
}
