using System.Runtime.CompilerServices;
using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Model;

/// <summary>
/// Everything that decides what is trained and how, as searchable options. The names in a search space and on the command line are these in
/// snake_case. What is not set follows the <see cref="Recipe"/>, whose departures from the defaults here are in <see cref="Recipes"/>. To
/// add an option, add a property.
/// </summary>
public sealed record TrainingOptions
{
    private UInt128 _chosen;

    /// <summary>What sets the options that are not chosen.</summary>
    [Option("preset that sets the defaults of the other options")]
    public Recipe Recipe
    {
        get;
        init
        {
            field = value;
            Follow(value);
        }
    }

    /// <summary>Width of the residual stream.</summary>
    [Option("width of the residual stream", 1, 4096)]
    public int Width { get; init => field = Choose(value); } = 192;

    /// <summary>Number of transformer blocks.</summary>
    [Option("number of transformer blocks", 1, 64)]
    public int Depth { get; init => field = Choose(value); } = 3;

    /// <summary>Attention heads. Set to 0, as many of the recipe's head width as fit and divide the width, at least one.</summary>
    [Option("attention heads; 0 picks width / 64, or / 32 in the plain and llama recipes", 0, 256)]
    public int Heads { get => field > 0 ? field : MostHeads(Recipes.HeadWidth(Recipe)); init => field = Choose(value); }

    /// <summary>Tokens a position can see, and the length of a training sequence.</summary>
    [Option("tokens a position can see", 8, 4096)]
    public int Context { get; init => field = Choose(value); } = 256;

    /// <summary>Rows of the token embedding and of the head; the tokenizer may have fewer tokens, not more.</summary>
    [Option("tokens of the byte-pair encoding", 257, 32768)]
    public int Vocabulary { get; init => field = Choose(value); } = 2048;

    /// <summary>Sequences per optimizer step.</summary>
    [Option("sequences per optimizer step", 1, 1024)]
    public int BatchSize { get; init => field = Choose(value); } = 8;

    /// <summary>How training windows treat the borders between stories.</summary>
    [Option("documents: attention never crosses from one story into another")]
    public PackingKind Packing { get; init => field = Choose(value); } = PackingKind.Documents;

    /// <summary>How initial weights, learning rates and branches scale with width and depth.</summary>
    [Option("mup (CompleteP) keeps the best learning rate in place over width and depth")]
    public Parametrization Parametrization { get; init => field = Choose(value); } = Parametrization.Standard;

    /// <summary>Nonlinearity of the MLP.</summary>
    [Option("nonlinearity of the MLP")]
    public Activation Activation { get; init => field = Choose(value); } = Activation.ReluSquared;

    /// <summary>Hidden width of the MLP over the width of the residual stream.</summary>
    [Option("hidden width of the MLP over width", 0.5, 16)]
    public double MlpRatio { get; init => field = Choose(value); } = 4;

    /// <summary>Kind of all norms but those of queries, keys and the embedding.</summary>
    [Option("layernorm has gain and bias, rmsnorm neither")]
    public Normalization Normalization { get; init => field = Choose(value); } = Normalization.RmsNorm;

    /// <summary>How positions are told apart.</summary>
    [Option("how positions are told apart")]
    public PositionKind Position { get; init => field = Choose(value); } = PositionKind.Rope;

    /// <summary>Slowest wavelength of the rotary embedding, in tokens over 2 pi.</summary>
    [Option("slowest wavelength of the rotary embedding, over 2 pi", 10, 1e6)]
    public double RopeBase { get; init => field = Choose(value); } = 1024;

    /// <summary>The head is the token embedding.</summary>
    [Option("the head is the token embedding")]
    public bool Tied { get; init => field = Choose(value); }

    /// <summary>RMS-normalized queries and keys (arXiv:2010.04245).</summary>
    [Option("normalized queries and keys")]
    public bool QkNorm { get; init => field = Choose(value); } = true;

    /// <summary>Multiplies q·k; 0 picks 0.12 with <see cref="QkNorm"/> and 1/sqrt(head width) without.</summary>
    [Option("multiplies q·k; 0 picks 0.12 with qk_norm, else 1/sqrt(head width)", 0, 10)]
    public double AttentionScale { get; init => field = Choose(value); }

    /// <summary>Logits pass through cap * tanh(z / cap); 0 is off (arXiv:2408.00118).</summary>
    [Option("bound of the logits; 0 is off", 0, 1000)]
    public double SoftCap { get; init => field = Choose(value); } = 15;

    /// <summary>A second token embedding, mixed into every block's values (arXiv:2410.17897).</summary>
    [Option("a second token embedding mixed into every block's values")]
    public bool ValueEmbeddings { get; init => field = Choose(value); } = true;

    /// <summary>Every block mixes the embedding back into the residual stream.</summary>
    [Option("every block mixes the embedding back in")]
    public bool X0Shortcut { get; init => field = Choose(value); } = true;

    /// <summary>RMS-normalizes the embedding.</summary>
    [Option("RMS-normalizes the embedding")]
    public bool EmbeddingNorm { get; init => field = Choose(value); } = true;

    /// <summary>Projections into the residual stream, and an untied head, start at zero.</summary>
    [Option("residual projections and an untied head start at zero")]
    public bool ZeroInit { get; init => field = Choose(value); } = true;

    /// <summary>Standard deviation of the first weights.</summary>
    [Option("deviation of the first weights: 0.02, or by the inputs")]
    public Initialization Initialization { get; init => field = Choose(value); } = Initialization.Scaled;

    /// <summary>Rows of a hashed bigram embedding added to the token embedding; 0 is off.</summary>
    [Option("rows of a hashed bigram embedding; 0 is off", 0, 1 << 20)]
    public int BigramBuckets { get; init => field = Choose(value); } = 16_384;

    /// <summary>
    /// Tokens that a causal depthwise convolution before attention and MLP looks back; 0 is off (Canon layers A and C, arXiv:2512.17351).
    /// It starts as the identity.
    /// </summary>
    [Option("tokens that a short convolution before attention and MLP looks back; 0 is off", 0, IElementKernels.MostTaps)]
    public int Canon { get; init => field = Choose(value); } = 3;

    /// <summary>Share of each block's two outputs dropped while training (arXiv:1207.0580).</summary>
    [Option("share of each block's outputs dropped while training", 0, 0.9)]
    public double Dropout { get; init => field = Choose(value); }

    /// <summary>Peak learning rate: of the hidden matrices, and of everything whose own rate is 0.</summary>
    [Option("peak learning rate of the hidden matrices", 1e-7, 10)]
    public double LearningRate { get; init => field = Choose(value); } = 0.012;

    /// <summary>Optimizer of the hidden matrices.</summary>
    [Option("of the hidden matrices; the rest is AdamW's")]
    public OptimizerKind Optimizer { get; init => field = Choose(value); } = OptimizerKind.NorMuon;

    /// <summary>Peak AdamW rate of the embedding tables; 0 follows <see cref="LearningRate"/>.</summary>
    [Option("of the embedding tables; 0 follows learning_rate", 0, 10)]
    public double EmbeddingLearningRate { get; init => field = Choose(value); } = 0.3;

    /// <summary>Peak AdamW rate of an untied head; 0 follows <see cref="LearningRate"/>.</summary>
    [Option("of an untied head; 0 follows learning_rate", 0, 10)]
    public double HeadLearningRate { get; init => field = Choose(value); } = 0.004;

    /// <summary>Peak AdamW rate of gains, biases and mixing weights; 0 follows <see cref="LearningRate"/>.</summary>
    [Option("of gains, biases and mixing weights; 0 follows learning_rate", 0, 10)]
    public double ScalarLearningRate { get; init => field = Choose(value); } = 0.01;

    /// <summary>Decoupled weight decay of matrices and tables, times <see cref="LearningRate"/>.</summary>
    [Option("decoupled, of matrices and tables", 0, 10)]
    public double WeightDecay { get; init => field = Choose(value); }

    /// <summary>How much of AdamW's first moment stays from step to step.</summary>
    [Option("AdamW's first moment", 0, 0.9999)]
    public double Beta1 { get; init => field = Choose(value); } = 0.8;

    /// <summary>How much of AdamW's second moment, and of NorMuon's row averages, stays from step to step.</summary>
    [Option("AdamW's second moment", 0, 0.99999)]
    public double Beta2 { get; init => field = Choose(value); } = 0.95;

    /// <summary>Added to the root of AdamW's second moment, and of NorMuon's row averages.</summary>
    [Option("AdamW's", 0, 1)]
    public double Epsilon { get; init => field = Choose(value); } = 1e-10;

    /// <summary>Muon's momentum, reached from 0.85 over its warm-up.</summary>
    [Option("Muon's momentum", 0, 0.9999)]
    public double Momentum { get; init => field = Choose(value); } = 0.95;

    /// <summary>Share of the budget over which Muon's momentum rises.</summary>
    [Option("share of the budget over which it rises from 0.85", 0, 1)]
    public double MomentumWarmup { get; init => field = Choose(value); } = 0.1;

    /// <summary>
    /// Share of the budget over which a step's sequences rise from a quarter of <see cref="BatchSize"/> to all of it; 0 is off
    /// (arXiv:1711.00489).
    /// </summary>
    [Option("share of the budget over which a step's sequences rise from a quarter", 0, 1)]
    public double BatchWarmup { get; init => field = Choose(value); }

    /// <summary>
    /// Share of the budget over which attention's reach rises from an eighth of <see cref="Context"/> to all of it; 0 is off
    /// (arXiv:2108.06084).
    /// </summary>
    [Option("share of the budget over which attention's reach rises from an eighth", 0, 1)]
    public double ContextWarmup { get; init => field = Choose(value); }

    /// <summary>Largest norm of the whole gradient; 0 is off.</summary>
    [Option("largest norm of the whole gradient; 0 is off", 0, 1000)]
    public double GradientClip { get; init => field = Choose(value); }

    /// <summary>Share of the budget over which the rate rises linearly.</summary>
    [Option("share of the budget over which the rate rises", 0, 1)]
    public double Warmup { get; init => field = Choose(value); } = 0.01;

    /// <summary>Share of the budget, at its end, over which the rate falls linearly to zero.</summary>
    [Option("share of the budget, at its end, over which the rate falls to zero", 0, 1)]
    public double Decay { get; init => field = Choose(value); } = 0.4;

    /// <summary>
    /// Horizon of the weight average as a share of the steps so far (it shrinks with the learning rate); 0 scores the raw weights.
    /// </summary>
    [Option("horizon of the weight average as a share of the steps so far; 0 is off", 0, 1)]
    public double Averaging { get; init => field = Choose(value); } = 0.1;

    /// <summary>
    /// The set of the options that were set, see <see cref="OptionCatalog.Bit"/>: these keep their values under whatever recipe.
    /// </summary>
    internal UInt128 Chosen => _chosen;

    /// <summary>The most heads at least so wide that divide the width evenly.</summary>
    private int MostHeads(int headWidth)
    {
        var heads = Math.Max(1, Width / headWidth);
        while (Width % heads != 0)
            heads--;
        return heads;
    }

    private T Choose<T>(T value, [CallerMemberName] string property = "")
    {
        _chosen |= OptionCatalog.Bit(property);
        return value;
    }

    private void Follow(Recipe recipe)
    {
        var chosen = _chosen;
        OptionCatalog.Copy(Recipes.Decided & ~chosen, Recipes.Of(recipe), this);
        _chosen = chosen; // what a recipe sets, nobody chose
    }
}
