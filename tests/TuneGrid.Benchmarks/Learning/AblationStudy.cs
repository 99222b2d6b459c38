namespace TuneGrid.Benchmarks.Learning;

/// <summary>What each default is worth: runs that differ from it in one thing, over several seeds.</summary>
internal static class AblationStudy
{
    /// <summary>Everything that the modern recipe chose, undone one at a time.</summary>
    private static readonly string[] Variants =
    [
        "optimizer=adamw learning_rate=0.003", "optimizer=muon", "embedding_learning_rate=0 head_learning_rate=0 scalar_learning_rate=0",
        "decay=0.2", "decay=0.6", "decay=0.95", "zero_init=false", "qk_norm=false",
        "activation=gelu", "activation=swiglu mlp_ratio=2.667", "position=learned", "tied=true", "soft_cap=0", "value_embeddings=false",
        "x0_shortcut=false", "embedding_norm=false", "batch_warmup=0.3", "momentum_warmup=0", "context_warmup=0.3", "averaging=0",
        "vocabulary=1024", "vocabulary=4096", "packing=stream", "bigram_buckets=0", "bigram_buckets=65536", "canon=0", "canon=1",
        "dropout=0.1", "weight_decay=0.1", "heads=4", "heads=1", "attention_scale=0.24", "learning_rate=0.008", "learning_rate=0.018",
        "batch_size=4", "batch_size=16", "width=256 depth=2", "mlp_ratio=3",
    ];

    public static int Run(string[] args)
    {
        var arguments = new Arguments(args);
        var bench = new Bench(arguments.Text("--corpus", "tinystories"), arguments.Number("--threads", Environment.ProcessorCount));
        var (tokens, seeds, common) = (arguments.Number("--tokens", 500_000), arguments.Number("--seeds", 3), arguments.Text("--base", ""));
        IReadOnlyList<string> variants = arguments.Rest.Count > 0 ? arguments.Rest : Variants;
        var baseline = Scores(common, tokens, seeds, bench);
        Bench.Print($"| change | bits per byte, mean of {seeds} | least and most | difference |");
        Console.WriteLine("| --- | --- | --- | --- |");
        Bench.Print($"| none | {baseline.Average():F4} | {baseline.Min():F4} {baseline.Max():F4} | |");
        foreach (var variant in variants)
        {
            var scores = Scores($"{common} {variant}", tokens, seeds, bench);
            var gain = scores.Average() - baseline.Average();
            Bench.Print($"| {variant} | {scores.Average():F4} | {scores.Min():F4} {scores.Max():F4} | {gain:+0.0000;-0.0000} |");
        }
        return 0;
    }

    private static double[] Scores(string settings, long tokens, int seeds, Bench bench)
        => [.. Enumerable.Range(0, seeds).Select(seed => bench.Score(Bench.Options(settings), tokens, seed))];
}
