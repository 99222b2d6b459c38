using TuneGrid.Training.Model;

namespace TuneGrid.Training.Torch;

/// <summary>
/// Which options this engine expresses. One that our own engine learns first is refused by name instead of being ignored.
/// </summary>
internal static class TorchOptions
{
    internal static readonly HashSet<string> Expressed = new(StringComparer.Ordinal)
    {
        "recipe", "width", "depth", "heads", "context", "vocabulary", "batch_size", "packing",
        "parametrization", "activation", "mlp_ratio", "normalization", "position", "rope_base", "tied", "qk_norm", "soft_cap",
        "value_embeddings", "x0_shortcut", "embedding_norm", "zero_init", "initialization", "bigram_buckets", "canon", "dropout",
        "learning_rate", "optimizer", "embedding_learning_rate", "head_learning_rate", "scalar_learning_rate", "weight_decay",
        "beta1", "beta2", "epsilon", "momentum", "gradient_clip", "warmup", "decay", "averaging",
        "attention_scale", "momentum_warmup", "batch_warmup", "context_warmup",
    };

    /// <summary>Texts of the choices that exist; a new one is refused as a new option is.</summary>
    private static readonly HashSet<string> Choices = new(StringComparer.Ordinal)
    {
        "modern", "plain", "llama", "stream", "documents", "standard", "mup", "gelu", "relu2", "swiglu",
        "layernorm", "rmsnorm", "rmsnorm_gain",
        "learned", "rope", "none", "fixed", "scaled", "muon", "normuon", "adamw",
    };

    /// <summary>Null, or the first option that has no counterpart here, fit for users.</summary>
    public static string? Refuse(TrainingOptions options)
    {
        foreach (var option in OptionCatalog.All)
        {
            var value = OptionCatalog.Read(options, option.Name);
            var isExpressed = Expressed.Contains(option.Name)
                ? option.Kind != OptionKind.Text || Choices.Contains((string)value)
                : value.Equals(option.Default);
            if (!isExpressed)
                return FormattableString.Invariant($"--backend torch has no {option.Name}={value}; the native backend has");
        }
        return null;
    }
}
