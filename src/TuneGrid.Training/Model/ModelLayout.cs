using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Model;

/// <summary>One norm's parameters; null where the kind has none.</summary>
internal sealed record NormParameters(Parameter? Gain, Parameter? Bias);

/// <summary>One block's parameters. Weights are [out, in], as in PyTorch.</summary>
/// <param name="Qkv">[3 width, width].</param>
/// <param name="Out">[width, width].</param>
/// <param name="Up">[hidden, width], or [2 hidden, width] (gate, up) for SwiGLU.</param>
/// <param name="Down">[width, hidden].</param>
/// <param name="Mix">[2]: how much of the stream and of the embedding enters; with x0_shortcut.</param>
/// <param name="ValueMix">[2]: how much of the value and of the value embedding; with value_embeddings.</param>
/// <param name="Canon1">
/// [canon, width]: how much of the token before, the one before that ..., attention's projections see; with canon.
/// </param>
/// <param name="Canon2">[canon, width]: the same for the MLP.</param>
internal sealed record BlockParameters(
    NormParameters Norm1, Parameter Qkv, Parameter Out, NormParameters Norm2, Parameter Up, Parameter Down, Parameter? Mix,
    Parameter? ValueMix, Parameter? Canon1, Parameter? Canon2);

/// <summary>The model's sizes and where each of its parameters lies in the arena. A pure function of the options.</summary>
internal sealed class ModelLayout
{
    private const int Alignment = 16;
    private readonly List<Parameter> _parameters = [];
    private long _end;

    public ModelLayout(TrainingOptions options)
    {
        Options = options;
        Heads = options.Heads;
        HeadWidth = options.Width / Heads;
        Hidden = ModelSize.Hidden(options);
        HiddenInputs = options.Activation == Activation.SwiGlu ? 2 * Hidden : Hidden;

        // The lookup table comes first, so that all dense gradients are one stretch.
        Bigram = options.BigramBuckets > 0 ? Add("embedding.bigram", options.BigramBuckets, options.Width, ParameterKind.Embedding) : null;
        // Most of its rows rest in any one step. The token and value embeddings are touched all over, and learn better with AdamW's
        // momentum.
        Lookups = options.Optimizer != OptimizerKind.AdamW && Bigram is { } bigram
            ? [new(bigram, LookupKey.Pair, LookupGradient.Embedding)]
            : [];
        DenseStart = Lookups.Count > 0 ? _end : 0;
        Value = options.ValueEmbeddings ? Add("embedding.value", options.Vocabulary, options.Width, ParameterKind.Embedding) : null;
        Token = Add("embedding.token", options.Vocabulary, options.Width, ParameterKind.Embedding);
        Position = options.Position == PositionKind.Learned
            ? Add("embedding.position", options.Context, options.Width, ParameterKind.Embedding)
            : null;
        Blocks = [.. Enumerable.Range(0, options.Depth).Select(Block)];
        FinalNorm = Norm("norm");
        Head = options.Tied ? Token : Add("head", options.Vocabulary, options.Width, ParameterKind.Head);
    }

    public TrainingOptions Options { get; }

    public int Heads { get; }

    public int HeadWidth { get; }

    /// <summary>Width of the MLP after its activation.</summary>
    public int Hidden { get; }

    /// <summary>Width of the MLP before its activation: twice <see cref="Hidden"/> for SwiGLU.</summary>
    public int HiddenInputs { get; }

    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Elements of the arena, padding included.</summary>
    public long ArenaCount => _end;

    /// <summary>Tables whose gradients are kept and applied by row.</summary>
    public IReadOnlyList<LookupTable> Lookups { get; }

    /// <summary>
    /// Elements of their gradients: per kind of gradient a row for each token of a batch, per table a sum for each touched row.
    /// </summary>
    public long LookupGradientCount
    {
        get
        {
            var tokens = (long)Options.BatchSize * Options.Context;
            var kinds = Lookups.Select(t => t.Gradient).Distinct().Count();
            return ((kinds * tokens) + Lookups.Sum(t => t.MostTouchedRows(Options))) * Options.Width;
        }
    }

    /// <summary>Where in the arena the parameters with dense gradients begin; they reach to its end.</summary>
    public long DenseStart { get; }

    public Parameter Token { get; }

    public Parameter? Position { get; }

    public Parameter? Value { get; }

    public Parameter? Bigram { get; }

    public IReadOnlyList<BlockParameters> Blocks { get; }

    public NormParameters FinalNorm { get; }

    /// <summary>[vocabulary, width]; the token embedding itself when tied.</summary>
    public Parameter Head { get; }

    /// <summary>Multiplies each block's two outputs: base depth / depth under CompleteP (arXiv:2505.01618), 1 otherwise.</summary>
    public float ResidualScale => Options.Parametrization == Parametrization.Mup ? (float)MupScale.BaseDepth / Options.Depth : 1;

    /// <summary>Multiplies the head's input: base width / width under muP, 1 otherwise.</summary>
    public float HeadScale => Options.Parametrization == Parametrization.Mup ? (float)MupScale.BaseWidth / Options.Width : 1;

    /// <summary>Multiplies q·k: constant with QK-norm, 1/sqrt(head width) otherwise.</summary>
    public float AttentionScale =>
        Options.AttentionScale > 0 ? (float)Options.AttentionScale : Options.QkNorm ? 0.12f : 1 / MathF.Sqrt(HeadWidth);

    public bool IsLookup(Parameter parameter) => parameter.Offset < DenseStart;

    /// <summary>Whether activations are multiplied by it as a matrix: those of the blocks, and the head.</summary>
    public bool IsMultiplied(Parameter parameter) => parameter.Kind is ParameterKind.Hidden || parameter == Head;

    private BlockParameters Block(int index)
    {
        var prefix = FormattableString.Invariant($"blocks.{index}.");
        var width = Options.Width;
        return new(
            Norm(prefix + "norm1"),
            Add(prefix + "qkv", 3 * width, width, ParameterKind.Hidden, parts: 3 * Heads),
            Add(prefix + "out", width, width, ParameterKind.Hidden),
            Norm(prefix + "norm2"),
            Add(prefix + "up", HiddenInputs, width, ParameterKind.Hidden, parts: HiddenInputs / Hidden),
            Add(prefix + "down", width, Hidden, ParameterKind.Hidden),
            Options.X0Shortcut ? Add(prefix + "mix", 1, 2, ParameterKind.Vector) : null,
            Options.ValueEmbeddings ? Add(prefix + "value_mix", 1, 2, ParameterKind.Vector) : null,
            Options.Canon > 0 ? Add(prefix + "canon1", Options.Canon, width, ParameterKind.Vector) : null,
            Options.Canon > 0 ? Add(prefix + "canon2", Options.Canon, width, ParameterKind.Vector) : null);
    }

    private NormParameters Norm(string name) => new(
        Options.Normalization != Normalization.RmsNorm ? Add(name + ".gain", 1, Options.Width, ParameterKind.Vector) : null,
        Options.Normalization == Normalization.LayerNorm ? Add(name + ".bias", 1, Options.Width, ParameterKind.Vector) : null);

    private Parameter Add(string name, int rows, int columns, ParameterKind kind, int parts = 1)
    {
        var parameter = new Parameter(_parameters.Count, name, rows, columns, _end, kind, parts);
        _parameters.Add(parameter);
        _end += (parameter.Count + Alignment - 1) / Alignment * Alignment;
        return parameter;
    }
}
