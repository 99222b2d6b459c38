using System.Text.Json.Serialization;

namespace TuneGrid.Training.Model;

/// <summary>A preset: it sets the defaults of the other options. What is set explicitly wins, in whatever order.</summary>
public enum Recipe
{
    /// <summary>What the speedrunners know: Muon, RoPE, QK-norm, ReLU², zero-initialised projections, value embeddings.</summary>
    Modern,

    /// <summary>nanoGPT with AdamW, exactly as the PyTorch peer trains it.</summary>
    Plain,

    /// <summary>The Llama architecture (RMSNorm with gain, RoPE, SwiGLU), which llama2.c and llama.cpp can run.</summary>
    Llama,
}

/// <summary>What updates the hidden matrices.</summary>
public enum OptimizerKind
{
    /// <summary>
    /// Orthogonalized momentum on the hidden matrices, AdamW on the rest (Jordan et al. 2024, kellerjordan.github.io/posts/muon).
    /// </summary>
    Muon,

    /// <summary>Muon whose update is normalized by row (arXiv:2510.05491).</summary>
    NorMuon,

    /// <summary>AdamW on everything (arXiv:1711.05101).</summary>
    AdamW,
}

/// <summary>Kind of the norms before attention, MLP and head; all add 1e-5 under the root.</summary>
public enum Normalization
{
    /// <summary>LayerNorm with gain and bias.</summary>
    LayerNorm,

    /// <summary>RMSNorm without gain.</summary>
    RmsNorm,

    /// <summary>RMSNorm with gain.</summary>
    [JsonStringEnumMemberName("rmsnorm_gain")]
    RmsNormGain,
}

/// <summary>How positions are told apart.</summary>
public enum PositionKind
{
    /// <summary>An embedding per position, added to the token's.</summary>
    Learned,

    /// <summary>Queries and keys rotated by their position (RoFormer, arXiv:2104.09864).</summary>
    Rope,

    /// <summary>Not at all, but by the causal mask.</summary>
    None,
}

/// <summary>How training windows treat the borders between stories.</summary>
public enum PackingKind
{
    /// <summary>Windows at random offsets of the training stream; attention crosses stories.</summary>
    Stream,

    /// <summary>The same windows, but attention never crosses from one story into another.</summary>
    Documents,
}

/// <summary>Standard deviation of the first weights.</summary>
public enum Initialization
{
    /// <summary>
    /// Every matrix and table from a normal distribution of deviation 0.02; residual projections divided by sqrt(2 depth) (GPT-2).
    /// </summary>
    Fixed,

    /// <summary>Matrices with deviation 0.5 / sqrt(inputs), the token embedding with 1, the value embedding with 0.02.</summary>
    Scaled,
}

/// <summary>How initial weights, learning rates and branches scale with width and depth.</summary>
public enum Parametrization
{
    /// <summary>They don't, but for what <see cref="Initialization"/> says.</summary>
    Standard,

    /// <summary>CompleteP (arXiv:2505.01618): the best learning rate stays where it is over width and depth.</summary>
    Mup,
}
