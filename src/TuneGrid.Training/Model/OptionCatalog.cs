using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Model;

/// <summary>Every option by its snake_case name: what it is, what it may be, how to set it.</summary>
public static class OptionCatalog
{
    private static readonly Option[] Options =
    [
        Option.Choice("recipe", [("modern", Recipe.Modern), ("plain", Recipe.Plain), ("llama", Recipe.Llama)], o => o.Recipe, (o, v) => o with { Recipe = v }, "preset that sets the defaults of the other options"),
        Option.Integer("width", 1, 4096, o => o.Width, (o, v) => o with { Width = v }, "width of the residual stream"),
        Option.Integer("depth", 1, 64, o => o.Depth, (o, v) => o with { Depth = v }, "number of transformer blocks"),
        Option.Integer("heads", 0, 256, o => o.Heads, (o, v) => o with { Heads = v }, "attention heads; 0 picks width / 64, or / 32 in the plain and llama recipes"),
        Option.Integer("context", 8, 4096, o => o.Context, (o, v) => o with { Context = v }, "tokens a position can see"),
        Option.Integer("vocabulary", 257, 32768, o => o.Vocabulary, (o, v) => o with { Vocabulary = v }, "tokens of the byte-pair encoding"),
        Option.Integer("batch_size", 1, 1024, o => o.BatchSize, (o, v) => o with { BatchSize = v }, "sequences per optimizer step"),
        Option.Choice("packing", [("stream", PackingKind.Stream), ("documents", PackingKind.Documents)], o => o.Packing, (o, v) => o with { Packing = v }, "documents: attention never crosses from one story into another"),
        Option.Choice("parametrization", [("standard", Parametrization.Standard), ("mup", Parametrization.Mup)], o => o.Parametrization, (o, v) => o with { Parametrization = v }, "mup (CompleteP) keeps the best learning rate in place over width and depth"),
        Option.Choice("activation", [("gelu", Activation.Gelu), ("relu2", Activation.ReluSquared), ("swiglu", Activation.SwiGlu)], o => o.Activation, (o, v) => o with { Activation = v }, "nonlinearity of the MLP"),
        Option.Real("mlp_ratio", 0.5, 16, o => o.MlpRatio, (o, v) => o with { MlpRatio = v }, "hidden width of the MLP over width"),
        Option.Choice("normalization", [("layernorm", Normalization.LayerNorm), ("rmsnorm", Normalization.RmsNorm), ("rmsnorm_gain", Normalization.RmsNormGain)], o => o.Normalization, (o, v) => o with { Normalization = v }, "layernorm has gain and bias, rmsnorm neither"),
        Option.Choice("position", [("learned", PositionKind.Learned), ("rope", PositionKind.Rope), ("none", PositionKind.None)], o => o.Position, (o, v) => o with { Position = v }, "how positions are told apart"),
        Option.Real("rope_base", 10, 1e6, o => o.RopeBase, (o, v) => o with { RopeBase = v }, "slowest wavelength of the rotary embedding, over 2 pi"),
        Option.Boolean("tied", o => o.Tied, (o, v) => o with { Tied = v }, "the head is the token embedding"),
        Option.Boolean("qk_norm", o => o.QkNorm, (o, v) => o with { QkNorm = v }, "normalized queries and keys"),
        Option.Real("attention_scale", 0, 10, o => o.AttentionScale, (o, v) => o with { AttentionScale = v }, "multiplies q·k; 0 picks 0.12 with qk_norm, else 1/sqrt(head width)"),
        Option.Real("soft_cap", 0, 1000, o => o.SoftCap, (o, v) => o with { SoftCap = v }, "bound of the logits; 0 is off"),
        Option.Boolean("value_embeddings", o => o.ValueEmbeddings, (o, v) => o with { ValueEmbeddings = v }, "a second token embedding mixed into every block's values"),
        Option.Boolean("x0_shortcut", o => o.X0Shortcut, (o, v) => o with { X0Shortcut = v }, "every block mixes the embedding back in"),
        Option.Boolean("embedding_norm", o => o.EmbeddingNorm, (o, v) => o with { EmbeddingNorm = v }, "RMS-normalizes the embedding"),
        Option.Boolean("zero_init", o => o.ZeroInit, (o, v) => o with { ZeroInit = v }, "residual projections and an untied head start at zero"),
        Option.Choice("initialization", [("fixed", Initialization.Fixed), ("scaled", Initialization.Scaled)], o => o.Initialization, (o, v) => o with { Initialization = v }, "deviation of the first weights: 0.02, or by the inputs"),
        Option.Integer("bigram_buckets", 0, 1 << 20, o => o.BigramBuckets, (o, v) => o with { BigramBuckets = v }, "rows of a hashed bigram embedding; 0 is off"),
        Option.Integer("canon", 0, IElementKernels.MostTaps, o => o.Canon, (o, v) => o with { Canon = v }, "tokens that a short convolution before attention and MLP looks back; 0 is off"),
        Option.Real("dropout", 0, 0.9, o => o.Dropout, (o, v) => o with { Dropout = v }, "share of each block's outputs dropped while training"),
        Option.Real("learning_rate", 1e-7, 10, o => o.LearningRate, (o, v) => o with { LearningRate = v }, "peak learning rate of the hidden matrices"),
        Option.Choice("optimizer", [("muon", OptimizerKind.Muon), ("normuon", OptimizerKind.NorMuon), ("adamw", OptimizerKind.AdamW)], o => o.Optimizer, (o, v) => o with { Optimizer = v }, "of the hidden matrices; the rest is AdamW's"),
        Option.Real("embedding_learning_rate", 0, 10, o => o.EmbeddingLearningRate, (o, v) => o with { EmbeddingLearningRate = v }, "of the embedding tables; 0 follows learning_rate"),
        Option.Real("head_learning_rate", 0, 10, o => o.HeadLearningRate, (o, v) => o with { HeadLearningRate = v }, "of an untied head; 0 follows learning_rate"),
        Option.Real("scalar_learning_rate", 0, 10, o => o.ScalarLearningRate, (o, v) => o with { ScalarLearningRate = v }, "of gains, biases and mixing weights; 0 follows learning_rate"),
        Option.Real("weight_decay", 0, 10, o => o.WeightDecay, (o, v) => o with { WeightDecay = v }, "decoupled, of matrices and tables"),
        Option.Real("beta1", 0, 0.9999, o => o.Beta1, (o, v) => o with { Beta1 = v }, "AdamW's first moment"),
        Option.Real("beta2", 0, 0.99999, o => o.Beta2, (o, v) => o with { Beta2 = v }, "AdamW's second moment"),
        Option.Real("epsilon", 0, 1, o => o.Epsilon, (o, v) => o with { Epsilon = v }, "AdamW's"),
        Option.Real("momentum", 0, 0.9999, o => o.Momentum, (o, v) => o with { Momentum = v }, "Muon's momentum"),
        Option.Real("momentum_warmup", 0, 1, o => o.MomentumWarmup, (o, v) => o with { MomentumWarmup = v }, "share of the budget over which it rises from 0.85"),
        Option.Real("batch_warmup", 0, 1, o => o.BatchWarmup, (o, v) => o with { BatchWarmup = v }, "share of the budget over which a step's sequences rise from a quarter"),
        Option.Real("context_warmup", 0, 1, o => o.ContextWarmup, (o, v) => o with { ContextWarmup = v }, "share of the budget over which attention's reach rises from an eighth"),
        Option.Real("gradient_clip", 0, 1000, o => o.GradientClip, (o, v) => o with { GradientClip = v }, "largest norm of the whole gradient; 0 is off"),
        Option.Real("warmup", 0, 1, o => o.Warmup, (o, v) => o with { Warmup = v }, "share of the budget over which the rate rises"),
        Option.Real("decay", 0, 1, o => o.Decay, (o, v) => o with { Decay = v }, "share of the budget, at its end, over which the rate falls to zero"),
        Option.Real("averaging", 0, 1, o => o.Averaging, (o, v) => o with { Averaging = v }, "horizon of the weight average as a share of the steps so far; 0 is off"),
    ];

    private static readonly Dictionary<string, Option> ByName = Options.ToDictionary(o => o.Description.Name, StringComparer.Ordinal);

    public static IReadOnlyList<OptionDescription> All { get; } = [.. Options.Select(o => o.Description)];

    /// <summary>The option's effective value: long, double, bool or string.</summary>
    public static object Read(TrainingOptions options, string name) => Find(name).Get(options);

    /// <summary>The options with one set. Throws <see cref="ArgumentException"/> with a message fit for users.</summary>
    /// <param name="value">long, double, bool or string.</param>
    public static TrainingOptions Apply(TrainingOptions options, string name, object value) => Find(name).Set(options, value);

    /// <summary>Null, or why no model can be built.</summary>
    public static string? Refuse(TrainingOptions options)
    {
        var heads = options.Heads;
        if (options.Width % heads != 0)
            return FormattableString.Invariant($"width {options.Width} is not divisible by {heads} heads");
        if (options.Position == PositionKind.Rope && options.Width / heads % 2 != 0)
            return FormattableString.Invariant($"rotary positions need an even head width, but width {options.Width} over {heads} heads gives {options.Width / heads}");
        if (options.Warmup + options.Decay > 1 + 1e-9)
            return FormattableString.Invariant($"warmup {options.Warmup} and decay {options.Decay} together exceed the whole budget");
        return null;
    }

    private static Option Find(string name) =>
        ByName.TryGetValue(name, out var option) ? option : throw new ArgumentException($"there is no option {name}; valid: {string.Join(", ", ByName.Keys)}");
}
