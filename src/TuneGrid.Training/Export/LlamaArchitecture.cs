using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;

namespace TuneGrid.Training.Export;

/// <summary>Which models the Llama architecture can express.</summary>
internal static class LlamaArchitecture
{
    /// <summary>llama2.c computes its angles itself, with this base.</summary>
    private const double Llama2cRopeBase = 10_000;

    /// <exception cref="ExportRefusedException">Names every option that stands in the way.</exception>
    public static void Demand(TrainingOptions options, ExportFormat format)
    {
        var obstacles = Obstacles(options, format).ToArray();
        if (obstacles.Length == 0)
            return;
        var name = format == ExportFormat.Gguf ? "gguf (llama architecture)" : "llama2c";
        throw new ExportRefusedException(
            $"the format {name} cannot express this model: {string.Join("; ", obstacles)}. "
            + "Train with recipe=llama for a model that it can, or export as safetensors.");
    }

    private static IEnumerable<string> Obstacles(TrainingOptions options, ExportFormat format)
    {
        var hasForeignBase = format == ExportFormat.Llama2c && options.RopeBase != Llama2cRopeBase;
        foreach (var (name, isObstacle, needs) in new (string, bool, string)[]
        {
            ("normalization", options.Normalization == Normalization.LayerNorm, "rmsnorm or rmsnorm_gain"),
            ("position", options.Position != PositionKind.Rope, "rope"),
            ("rope_base", hasForeignBase && options.Position == PositionKind.Rope, "10000"),
            ("activation", options.Activation != Activation.SwiGlu, "swiglu"),
            ("qk_norm", options.QkNorm, "false"),
            ("soft_cap", options.SoftCap != 0, "0"),
            ("value_embeddings", options.ValueEmbeddings, "false"),
            ("x0_shortcut", options.X0Shortcut, "false"),
            ("embedding_norm", options.EmbeddingNorm, "false"),
            ("canon", options.Canon != 0, "0"),
            ("bigram_buckets", options.BigramBuckets != 0, "0"),
        })
        {
            if (isObstacle)
                yield return FormattableString.Invariant($"{name} is {Plain(OptionCatalog.Read(options, name))} where it needs {needs}");
        }
    }

    private static object Plain(object value) => value is bool flag ? (flag ? "true" : "false") : value;
}
