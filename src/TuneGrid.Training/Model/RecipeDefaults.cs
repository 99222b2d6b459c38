using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Model;

/// <summary>What a recipe sets where nothing else is said. The properties are those of <see cref="TrainingOptions"/>.</summary>
internal sealed record RecipeDefaults
{
    private static readonly RecipeDefaults Modern = new();

    private static readonly RecipeDefaults Plain = new()
    {
        HeadWidth = 32, LearningRate = 2e-3, Optimizer = OptimizerKind.AdamW, EmbeddingLearningRate = 0, HeadLearningRate = 0, ScalarLearningRate = 0,
        WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.95, GradientClip = 1, Warmup = 0.05, Decay = 0.95,
        Activation = Activation.Gelu, Normalization = Normalization.LayerNorm, Position = PositionKind.Learned, Tied = true,
        QkNorm = false, SoftCap = 0, ValueEmbeddings = false, X0Shortcut = false, EmbeddingNorm = false, ZeroInit = false,
        Initialization = Initialization.Fixed, Epsilon = 1e-8, Averaging = 0, Packing = PackingKind.Stream, BigramBuckets = 0, Canon = 0,
    };

    private static readonly RecipeDefaults Llama = Modern with
    {
        HeadWidth = 32, Activation = Activation.SwiGlu, MlpRatio = 8.0 / 3, Normalization = Normalization.RmsNormGain, RopeBase = 10_000,
        QkNorm = false, SoftCap = 0, ValueEmbeddings = false, X0Shortcut = false, EmbeddingNorm = false, BigramBuckets = 0, Canon = 0,
    };

    public int Width { get; private init; } = 192;
    public int HeadWidth { get; private init; } = 64;
    public int Depth { get; private init; } = 3;
    public int BatchSize { get; private init; } = 8;
    public double LearningRate { get; private init; } = 0.012;
    public OptimizerKind Optimizer { get; private init; } = OptimizerKind.NorMuon;
    public double EmbeddingLearningRate { get; private init; } = 0.3;
    public double HeadLearningRate { get; private init; } = 0.004;
    public double ScalarLearningRate { get; private init; } = 0.01;
    public double WeightDecay { get; private init; }
    public double Beta1 { get; private init; } = 0.8;
    public double Beta2 { get; private init; } = 0.95;
    public double GradientClip { get; private init; }
    public double Warmup { get; private init; } = 0.01;
    public double BatchWarmup { get; private init; }
    public double ContextWarmup { get; private init; }
    public double AttentionScale { get; private init; }
    public double Decay { get; private init; } = 0.4;
    public Activation Activation { get; private init; } = Activation.ReluSquared;
    public double MlpRatio { get; private init; } = 4;
    public Normalization Normalization { get; private init; } = Normalization.RmsNorm;
    public PositionKind Position { get; private init; } = PositionKind.Rope;
    public double RopeBase { get; private init; } = 1024;
    public bool Tied { get; private init; }
    public bool QkNorm { get; private init; } = true;
    public double SoftCap { get; private init; } = 15;
    public bool ValueEmbeddings { get; private init; } = true;
    public bool X0Shortcut { get; private init; } = true;
    public bool EmbeddingNorm { get; private init; } = true;
    public bool ZeroInit { get; private init; } = true;
    public Initialization Initialization { get; private init; } = Initialization.Scaled;
    public double Epsilon { get; private init; } = 1e-10;
    public double Averaging { get; private init; } = 0.1;
    public PackingKind Packing { get; private init; } = PackingKind.Documents;
    public int Canon { get; private init; } = 3;
    public int BigramBuckets { get; private init; } = 16_384;

    public static RecipeDefaults Of(Recipe recipe) => recipe switch
    {
        Recipe.Plain => Plain,
        Recipe.Llama => Llama,
        _ => Modern,
    };
}
