using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Model;

/// <summary>Where a recipe departs from the options' own defaults, which are those of <see cref="Recipe.Modern"/>.</summary>
internal static class Recipes
{
    private static readonly TrainingOptions Modern = new();

    private static readonly TrainingOptions Plain = new()
    {
        LearningRate = 2e-3, Optimizer = OptimizerKind.AdamW, EmbeddingLearningRate = 0, HeadLearningRate = 0, ScalarLearningRate = 0,
        WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.95, GradientClip = 1, Warmup = 0.05, Decay = 0.95,
        Activation = Activation.Gelu, Normalization = Normalization.LayerNorm, Position = PositionKind.Learned, Tied = true,
        QkNorm = false, SoftCap = 0, ValueEmbeddings = false, X0Shortcut = false, EmbeddingNorm = false, ZeroInit = false,
        Initialization = Initialization.Fixed, Epsilon = 1e-8, Averaging = 0, Packing = PackingKind.Stream, BigramBuckets = 0, Canon = 0,
    };

    private static readonly TrainingOptions Llama = new()
    {
        Activation = Activation.SwiGlu, MlpRatio = 8.0 / 3, Normalization = Normalization.RmsNormGain, RopeBase = 10_000,
        QkNorm = false, SoftCap = 0, ValueEmbeddings = false, X0Shortcut = false, EmbeddingNorm = false, BigramBuckets = 0, Canon = 0,
    };

    /// <summary>The options that any recipe sets.</summary>
    public static UInt128 Decided { get; } = Plain.Chosen | Llama.Chosen;

    public static TrainingOptions Of(Recipe recipe) => recipe switch
    {
        Recipe.Plain => Plain,
        Recipe.Llama => Llama,
        _ => Modern,
    };

    /// <summary>Columns of a head where their number is not set.</summary>
    public static int HeadWidth(Recipe recipe) => recipe == Recipe.Modern ? 64 : 32;
}
