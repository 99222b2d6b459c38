using TuneGrid.Training.Kernels;
using TuneGrid.Training.Memory;
using TuneGrid.Training.Threading;

namespace TuneGrid.Training.Model;

/// <summary>The sequences one thread takes through the model together.</summary>
/// <param name="inputs">[Sequences * Length] token ids.</param>
/// <param name="targets">[Sequences * Length] the token that follows each input.</param>
/// <param name="firstVisible">[Sequences * Length] first position (within its sequence) that each position may attend to, or null.</param>
/// <param name="dropoutKey">Seeds the masks; unused when dropout is 0.</param>
internal readonly unsafe struct SequenceGroup(int* inputs, int* targets, int* firstVisible, int sequences, int length, ulong dropoutKey)
{
    public int* Inputs { get; } = inputs;

    public int* Targets { get; } = targets;

    public int* FirstVisible { get; } = firstVisible;

    public int Sequences { get; } = sequences;

    public int Length { get; } = length;

    public ulong DropoutKey { get; } = dropoutKey;

    public int Rows => Sequences * Length;
}

/// <summary>
/// The model's forward and backward pass over one group of sequences, on one thread. Pre-norm GPT decoder; see the options for its
/// variants. Matrices of activations are [rows, width]; norm outputs and MLP activations are computed again in the backward pass rather
/// than kept.
/// </summary>
internal sealed unsafe partial class SequencePass : IDisposable
{
    private readonly ModelLayout _layout;
    private readonly TrainingOptions _options;
    private readonly KernelSet _kernels;
    private readonly IElementKernels _element;
    private readonly IMatrixKernels _matrix;
    private readonly PackedWeights _packed;
    private readonly RotaryTable? _rotary;
    private readonly Workspace _workspace;
    private readonly PhaseClock _clock;
    private readonly NativeBuffer _memory;
    private readonly ActivationLayout _a;
    private readonly int _width;
    private bool _adds;

    /// <param name="maxRows">Rows of the largest group.</param>
    public SequencePass(
        ModelLayout layout, KernelSet kernels, PackedWeights packed, RotaryTable? rotary, Workspace workspace, PhaseClock clock,
        int maxRows)
    {
        (_layout, _options, _kernels, _packed, _rotary, _workspace, _clock) =
            (layout, layout.Options, kernels, packed, rotary, workspace, clock);
        (_element, _matrix, _width) = (kernels.Element, kernels.Matrix, layout.Options.Width);
        _memory = new NativeBuffer(ActivationLayout.Count(layout, maxRows));
        _a = ActivationLayout.Over(layout, maxRows, _memory);
    }

    public long MemoryBytes => _memory.Count * sizeof(float);

    /// <summary>Summed nats of the group; leaves the gradient of nats * <paramref name="scale"/> in <paramref name="target"/>.</summary>
    public double Train(in SequenceGroup group, float* weights, in GradientTarget target, float scale)
    {
        var dropout = _options.Dropout > 0;
        _adds = target.Adds;
        _clock.Switch(StepPhase.Norms);
        Forward(group, weights, dropout);
        var nats = Head(group, target.Arena, scale, null);
        Backward(group, weights, target, dropout);
        _clock.Switch(StepPhase.Other);
        return nats;
    }

    /// <summary>The nats of every position of the group, [rows], valid until the next call.</summary>
    public float* Score(in SequenceGroup group, float* weights)
    {
        Forward(group, weights, dropout: false);
        Head(group, null, 0, _a.Losses);
        return _a.Losses;
    }

    /// <summary>[vocabulary] the capped logits after the group's last row, valid until the next call.</summary>
    public float* NextLogits(in SequenceGroup group, float* weights)
    {
        Forward(group, weights, dropout: false);
        Multiply(_a.Final + ((long)(group.Rows - 1) * _width), _width, 1, _packed.Forward(_layout.Head), _a.Logits, _options.Vocabulary);
        var cap = (float)_options.SoftCap;
        for (var i = 0; cap > 0 && i < _options.Vocabulary; i++)
            _a.Logits[i] = cap * MathF.Tanh(_a.Logits[i] / cap);
        return _a.Logits;
    }

    public void Dispose() => _memory.Dispose();

    private void Forward(in SequenceGroup group, float* weights, bool dropout)
    {
        Embed(group, weights);
        Copy(_a.Embedding, _options.Depth > 0 ? _a.Blocks[0].Input : _a.Last, (long)group.Rows * _width);
        for (var i = 0; i < _options.Depth; i++)
        {
            var output = i + 1 < _options.Depth ? _a.Blocks[i + 1].Input : _a.Last;
            MixEmbedding(group, weights, i);
            Attend(group, weights, i);
            Project(
                group, _a.Blocks[i].Attended, _width, _layout.Blocks[i].Out, _a.Blocks[i].Mixed, _a.Blocks[i].Middle, dropout,
                Site(group, i, 0));
            Norm(_layout.Blocks[i].Norm2, weights, _a.Blocks[i].Middle, group.Rows, _a.Normed, _a.Blocks[i].Mean2, _a.Blocks[i].Rstd2);
            Convolve(group, weights, _layout.Blocks[i].Canon2);
            Multiply(_a.Convolved, _width, group.Rows, _packed.Forward(_layout.Blocks[i].Up), _a.Blocks[i].Up, _layout.HiddenInputs);
            _element.Activate(_options.Activation, _a.Blocks[i].Up, group.Rows, _layout.Hidden, _a.Activated);
            Project(group, _a.Activated, _layout.Hidden, _layout.Blocks[i].Down, _a.Blocks[i].Middle, output, dropout, Site(group, i, 1));
        }
        Norm(_layout.FinalNorm, weights, _a.Last, group.Rows, _a.Final, _a.MeanFinal, _a.RstdFinal);
        if (_layout.HeadScale != 1)
            _element.Scale(_layout.HeadScale, _a.Final, _a.Final, (long)group.Rows * _width);
    }

    private void Embed(in SequenceGroup group, float* weights)
    {
        for (var row = 0; row < group.Rows; row++)
        {
            var target = _a.Embedded + ((long)row * _width);
            Copy(weights + _layout.Token.Offset + ((long)group.Inputs[row] * _width), target, _width);
            if (_layout.Position is { } position)
                _element.AddScaled(1, weights + position.Offset + ((long)(row % group.Length) * _width), target, _width);
            if (_layout.Bigram is { } bigram)
                _element.AddScaled(
                    1, weights + bigram.Offset + (PairHash.Row(group.Inputs, row, group.Length, _options.BigramBuckets) * (long)_width),
                    target, _width);
            if (_layout.Value is { } value)
                Copy(weights + value.Offset + ((long)group.Inputs[row] * _width), _a.ValueEmbedding + ((long)row * _width), _width);
        }
        if (_options.EmbeddingNorm)
            _element.RmsNorm(_a.Embedded, _width, null, group.Rows, _width, _a.Embedding, _width, _a.RstdEmbedded);
    }

    private void MixEmbedding(in SequenceGroup group, float* weights, int block)
    {
        if (_layout.Blocks[block].Mix is not { } mix)
            return;
        float* from = _a.Blocks[block].Input, to = _a.Blocks[block].Mixed;
        _element.Mix(weights[mix.Offset], from, _width, weights[mix.Offset + 1], _a.Embedding, _width, group.Rows, _width, to, _width);
    }

    private void Attend(in SequenceGroup group, float* weights, int index)
    {
        var block = _a.Blocks[index];
        var parameters = _layout.Blocks[index];
        var stride = 3 * _width;
        Norm(parameters.Norm1, weights, block.Mixed, group.Rows, _a.Normed, block.Mean1, block.Rstd1);
        Convolve(group, weights, parameters.Canon1);
        Multiply(_a.Convolved, _width, group.Rows, _packed.Forward(parameters.Qkv), block.Qkv, stride);
        if (block.Used != block.Qkv)
            Transform(group, weights, index);
        _clock.Switch(StepPhase.Attention);
        for (var s = 0; s < group.Sequences; s++)
        {
            var row = (long)s * group.Length;
            var used = block.Used + (row * stride);
            _kernels.Attention.Forward(
                Shape(group, s), used, used + _width, used + (2 * _width), stride, block.Attended + (row * _width), _width,
                block.LogSumExp + (row * _layout.Heads), _workspace);
        }
        _clock.Switch(StepPhase.Norms);
    }

    /// <summary>Queries, keys and values as projected → as attended with.</summary>
    private void Transform(in SequenceGroup group, float* weights, int index)
    {
        var block = _a.Blocks[index];
        var stride = 3 * _width;
        if (_options.QkNorm)
        {
            for (var head = 0; head < _layout.Heads; head++)
            {
                var column = head * _layout.HeadWidth;
                _element.RmsNorm(
                    block.Qkv + column, stride, null, group.Rows, _layout.HeadWidth, block.Used + column, stride,
                    block.RstdQ + ((long)head * group.Rows));
                column += _width;
                _element.RmsNorm(
                    block.Qkv + column, stride, null, group.Rows, _layout.HeadWidth, block.Used + column, stride,
                    block.RstdK + ((long)head * group.Rows));
            }
        }
        if (!_options.QkNorm)
            CopyRows(block.Qkv, block.Used, group.Rows, 2 * _width);
        float* values = block.Qkv + (2 * _width), used = block.Used + (2 * _width);
        if (_layout.Blocks[index].ValueMix is { } mix)
            _element.Mix(
                weights[mix.Offset], values, stride, weights[mix.Offset + 1], _a.ValueEmbedding, _width, group.Rows, _width, used, stride);
        else
            CopyRows(values, used, group.Rows, _width);
        Rotate(group, block.Used, inverse: false);
    }

    private void Rotate(in SequenceGroup group, float* qkv, bool inverse)
    {
        if (_rotary is null)
            return;
        for (var s = 0; s < group.Sequences; s++)
        {
            // Queries and keys lie side by side, so their heads are rotated as one run of twice as many.
            _element.Rotate(
                qkv + ((long)s * group.Length * 3 * _width), 3 * _width, group.Length, 2 * _layout.Heads, _layout.HeadWidth, _rotary.Cos,
                _rotary.Sin, inverse);
        }
    }

    /// <summary>output = residual + dropout(x · Wᵀ) * residual scale.</summary>
    private void Project(
        in SequenceGroup group, float* x, int xWidth, Parameter weight, float* residual, float* output, bool dropout, ulong site)
    {
        var count = (long)group.Rows * _width;
        if (!dropout && _layout.ResidualScale == 1)
        {
            Copy(residual, output, count);
            _clock.Switch(StepPhase.MatrixProducts);
            _matrix.Multiply(x, xWidth, group.Rows, _packed.Forward(weight), output, _width, accumulate: true, _workspace);
            _clock.Switch(StepPhase.Norms);
            return;
        }
        Multiply(x, xWidth, group.Rows, _packed.Forward(weight), output, _width);
        if (dropout)
            Dropout.Apply(output, count, _options.Dropout, site);
        if (_layout.ResidualScale != 1)
            _element.Scale(_layout.ResidualScale, output, output, count);
        _element.AddScaled(1, residual, output, count);
    }

    /// <summary>Loss in row chunks; with gradients, also the head's gradient and, in DStream, that of the head's input.</summary>
    private double Head(in SequenceGroup group, float* gradients, float scale, float* losses)
    {
        var vocabulary = _options.Vocabulary;
        var nats = 0.0;
        for (var row = 0; row < group.Rows; row += ActivationLayout.LogitRows)
        {
            var rows = Math.Min(ActivationLayout.LogitRows, group.Rows - row);
            var final = _a.Final + ((long)row * _width);
            Multiply(final, _width, rows, _packed.Forward(_layout.Head), _a.Logits, vocabulary);
            _clock.Switch(StepPhase.Loss);
            nats += _element.CrossEntropy(
                _a.Logits, vocabulary, rows, vocabulary, group.Targets + row, (float)_options.SoftCap, scale,
                losses == null ? null : losses + row);
            if (gradients == null)
                continue;
            _clock.Switch(StepPhase.MatrixProducts);
            _matrix.MultiplyTransposed(
                _a.Logits, vocabulary, vocabulary, final, _width, _width, rows, gradients + _layout.Head.Offset, _width, _adds || row > 0,
                _workspace);
            Multiply(_a.Logits, vocabulary, rows, _packed.Backward(_layout.Head), _a.DNormed + ((long)row * _width), _width);
        }
        return nats;
    }

    private void Norm(NormParameters parameters, float* weights, float* x, int rows, float* y, float* mean, float* rstd)
    {
        var gain = parameters.Gain is { } g ? weights + g.Offset : null;
        if (_options.Normalization == Normalization.LayerNorm)
            _element.LayerNorm(x, _width, gain, weights + parameters.Bias!.Offset, rows, _width, y, _width, mean, rstd);
        else
            _element.RmsNorm(x, _width, gain, rows, _width, y, _width, rstd);
    }

    private void Multiply(float* a, int aStride, int rows, in PackedMatrix b, float* c, int cStride)
    {
        _clock.Switch(StepPhase.MatrixProducts);
        _matrix.Multiply(a, aStride, rows, b, c, cStride, accumulate: false, _workspace);
        _clock.Switch(StepPhase.Norms);
    }

    private AttentionShape Shape(in SequenceGroup group, int sequence) => new(
        group.Length, _layout.Heads, _layout.HeadWidth, _layout.AttentionScale,
        group.FirstVisible == null ? null : group.FirstVisible + ((long)sequence * group.Length));

    private static ulong Site(in SequenceGroup group, int block, int site) => Dropout.Site(group.DropoutKey, block, site);

    /// <summary>Some columns of [rows, 3 width].</summary>
    private void CopyRows(float* from, float* to, int rows, int columns)
    {
        for (var row = 0L; row < rows; row++)
            Copy(from + (row * 3 * _width), to + (row * 3 * _width), columns);
    }

    private static void Copy(float* from, float* to, long count) =>
        Buffer.MemoryCopy(from, to, count * sizeof(float), count * sizeof(float));
}
