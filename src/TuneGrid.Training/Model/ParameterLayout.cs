namespace TuneGrid.Training.Model;

/// <summary>Where every parameter lies in one contiguous arena. Tables whose gradient comes token by token lie first; the dense rest follows.</summary>
internal sealed class ParameterLayout
{
    private const int Alignment = 16;
    private readonly List<ParameterTensor> _all = [];
    private readonly ModelShape _shape;
    private long _end;

    public ParameterLayout(ModelShape shape)
    {
        _shape = shape;
        var options = shape.Options;
        var scaled = options.Initialization == Initialization.Scaled;
        if (options.BigramBuckets > 0)
            Bigram = Add("bigram_embedding", options.BigramBuckets, shape.Width, ParameterRole.Table, 0);
        if (options.ValueEmbeddings)
            Value = Add("value_embedding", shape.Vocabulary, shape.Width, ParameterRole.Table, 0.02f);
        if (!options.Tied)
            Embedding = Add("embedding", shape.Vocabulary, shape.Width, ParameterRole.Table, scaled ? 1 : 0.02f);
        DenseStart = _end;
        Embedding ??= Add("embedding", shape.Vocabulary, shape.Width, ParameterRole.Table, 0.02f, multiplier: (float)(1 / shape.WidthRatio));
        if (options.Position == PositionKind.Learned)
            Position = Add("position_embedding", shape.Context, shape.Width, ParameterRole.Table, 0.02f);
        Blocks = [.. Enumerable.Range(0, shape.Depth).Select(Block)];
        FinalNorm = Norm("final_norm");
        Head = options.Tied
            ? Embedding
            : Add("head", shape.Vocabulary, shape.Width, ParameterRole.Head, options.ZeroInit ? 0 : HiddenDeviation(shape.Width), multiplier: (float)(1 / shape.WidthRatio));
    }

    public IReadOnlyList<ParameterTensor> All => _all;
    public ParameterTensor Embedding { get; }
    public ParameterTensor? Position { get; }
    public ParameterTensor? Value { get; }
    public ParameterTensor? Bigram { get; }
    public ParameterTensor Head { get; }
    public NormParameters FinalNorm { get; }
    public IReadOnlyList<BlockParameters> Blocks { get; }

    /// <summary>Elements of the arena, padding included.</summary>
    public long Length => _end;

    /// <summary>First element whose gradient each thread accumulates in a buffer of its own.</summary>
    public long DenseStart { get; }

    private BlockParameters Block(int index)
    {
        var (options, width, name) = (_shape.Options, _shape.Width, FormattableString.Invariant($"blocks.{index}."));
        var residual = (float)(1 / _shape.DepthRatio);
        var qkv = Add(name + "attention.qkv", 3 * width, width, ParameterRole.Hidden, HiddenDeviation(width), parts: 3);
        var output = Add(name + "attention.output", width, width, ParameterRole.Hidden, ResidualDeviation(width), multiplier: residual);
        var up = Add(name + "mlp.up", _shape.Up, width, ParameterRole.Hidden, HiddenDeviation(width), parts: _shape.Up / _shape.Hidden);
        var down = Add(name + "mlp.down", width, _shape.Hidden, ParameterRole.Hidden, ResidualDeviation(_shape.Hidden), multiplier: residual);
        return new(
            qkv, output, up, down, Norm(name + "norm1"), Norm(name + "norm2"),
            options.X0Shortcut ? [Add(name + "mix.x", 1, 1, ParameterRole.Scalar, 0, 1), Add(name + "mix.x0", 1, 1, ParameterRole.Scalar, 0)] : [],
            options.ValueEmbeddings ? [Add(name + "mix.value", 1, 1, ParameterRole.Scalar, 0, 0.5f), Add(name + "mix.embedding", 1, 1, ParameterRole.Scalar, 0, 0.5f)] : []);
    }

    private NormParameters Norm(string name) => new(
        _shape.Options.Normalization == Normalization.RmsNorm ? null : Add(name + ".gain", 1, _shape.Width, ParameterRole.Scalar, 0, 1),
        _shape.Options.Normalization == Normalization.LayerNorm ? Add(name + ".bias", 1, _shape.Width, ParameterRole.Scalar, 0) : null);

    private float HiddenDeviation(int inputs) =>
        _shape.Options.Initialization == Initialization.Scaled ? 0.5f / MathF.Sqrt(inputs) : (float)(0.02 / Math.Sqrt(_shape.WidthRatio));

    private float ResidualDeviation(int inputs)
    {
        if (_shape.Options.ZeroInit)
            return 0;
        // Under mup the branches are already scaled by their multiplier.
        return _shape.Options.Parametrization == Parametrization.Mup ? HiddenDeviation(inputs) : HiddenDeviation(inputs) / MathF.Sqrt(2 * _shape.Depth);
    }

    private ParameterTensor Add(string name, int rows, int columns, ParameterRole role, float deviation, float fill = 0, float multiplier = 1, int parts = 1)
    {
        var tensor = new ParameterTensor(name, rows, columns, role, _end, deviation, fill, multiplier, parts);
        _all.Add(tensor);
        _end = (_end + tensor.Count + Alignment - 1) / Alignment * Alignment;
        return tensor;
    }
}

/// <summary>A norm's gain and bias, [width] each, where it has them.</summary>
internal sealed record NormParameters(ParameterTensor? Gain, ParameterTensor? Bias);

/// <param name="Qkv">[3*width, width]: query, key, value.</param>
/// <param name="Output">[width, width].</param>
/// <param name="Up">[up, width].</param>
/// <param name="Down">[width, hidden].</param>
/// <param name="Mix">Weights of the stream and of x0, or empty.</param>
/// <param name="ValueMix">Weights of the values and of the value embedding, or empty.</param>
internal sealed record BlockParameters(
    ParameterTensor Qkv, ParameterTensor Output, ParameterTensor Up, ParameterTensor Down, NormParameters Norm1, NormParameters Norm2,
    ParameterTensor[] Mix, ParameterTensor[] ValueMix);
