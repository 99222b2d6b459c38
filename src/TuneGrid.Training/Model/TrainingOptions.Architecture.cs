using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Model;

/// <summary>What the model is made of.</summary>
public sealed partial record TrainingOptions
{
    private readonly Activation? _activation;
    private readonly double? _mlpRatio;
    private readonly Normalization? _normalization;
    private readonly PositionKind? _position;
    private readonly double? _ropeBase;
    private readonly bool? _tied;
    private readonly bool? _qkNorm;
    private readonly double? _attentionScale;
    private readonly double? _softCap;
    private readonly bool? _valueEmbeddings;
    private readonly bool? _x0Shortcut;
    private readonly bool? _embeddingNorm;
    private readonly bool? _zeroInit;
    private readonly int? _bigramBuckets;
    private readonly int? _canon;
    private readonly Initialization? _initialization;

    public Activation Activation { get => _activation ?? Defaults.Activation; init => _activation = value; }

    /// <summary>Hidden width of the MLP over the width of the residual stream.</summary>
    public double MlpRatio { get => _mlpRatio ?? Defaults.MlpRatio; init => _mlpRatio = value; }

    public Normalization Normalization { get => _normalization ?? Defaults.Normalization; init => _normalization = value; }

    public PositionKind Position { get => _position ?? Defaults.Position; init => _position = value; }

    public double RopeBase { get => _ropeBase ?? Defaults.RopeBase; init => _ropeBase = value; }

    /// <summary>The head is the token embedding.</summary>
    public bool Tied { get => _tied ?? Defaults.Tied; init => _tied = value; }

    /// <summary>RMS-normalized queries and keys, (arXiv:2010.04245).</summary>
    public bool QkNorm { get => _qkNorm ?? Defaults.QkNorm; init => _qkNorm = value; }

    /// <summary>Multiplies q·k; 0 picks 0.12 with <see cref="QkNorm"/> and 1/sqrt(head width) without.</summary>
    public double AttentionScale { get => _attentionScale ?? Defaults.AttentionScale; init => _attentionScale = value; }

    /// <summary>Logits pass through cap * tanh(z / cap); 0 is off (arXiv:2408.00118).</summary>
    public double SoftCap { get => _softCap ?? Defaults.SoftCap; init => _softCap = value; }

    /// <summary>A second token embedding, mixed into every block's values (arXiv:2410.17897).</summary>
    public bool ValueEmbeddings { get => _valueEmbeddings ?? Defaults.ValueEmbeddings; init => _valueEmbeddings = value; }

    /// <summary>Every block mixes the embedding back into the residual stream.</summary>
    public bool X0Shortcut { get => _x0Shortcut ?? Defaults.X0Shortcut; init => _x0Shortcut = value; }

    /// <summary>RMS-normalizes the embedding.</summary>
    public bool EmbeddingNorm { get => _embeddingNorm ?? Defaults.EmbeddingNorm; init => _embeddingNorm = value; }

    /// <summary>Projections into the residual stream, and an untied head, start at zero.</summary>
    public bool ZeroInit { get => _zeroInit ?? Defaults.ZeroInit; init => _zeroInit = value; }

    public Initialization Initialization { get => _initialization ?? Defaults.Initialization; init => _initialization = value; }

    /// <summary>Rows of a hashed bigram embedding added to the token embedding; 0 is off.</summary>
    public int BigramBuckets { get => _bigramBuckets ?? Defaults.BigramBuckets; init => _bigramBuckets = value; }

    /// <summary>
    /// Tokens that a causal depthwise convolution before attention and MLP looks back, 0 to 3; 0 is off (Canon layers A and C, arXiv:2512.17351). It starts as
    /// the identity.
    /// </summary>
    public int Canon { get => _canon ?? Defaults.Canon; init => _canon = value; }

    /// <summary>Share of each block's two outputs dropped while training (arXiv:1207.0580).</summary>
    public double Dropout { get; init; }
}
