using TuneGrid.Training.Threading;

namespace TuneGrid.Training.Model;

internal sealed unsafe partial class SequencePass
{
    /// <summary>From the gradient of the head's input (in DNormed) down to the embeddings.</summary>
    private void Backward(in SequenceGroup group, float* weights, in GradientTarget target, bool dropout)
    {
        var gradients = target.Arena;
        var count = (long)group.Rows * _width;
        if (_layout.HeadScale != 1)
            _element.Scale(_layout.HeadScale, _a.DNormed, _a.DNormed, count);
        NormBackward(_layout.FinalNorm, weights, gradients, _a.Last, _a.MeanFinal, _a.RstdFinal, group.Rows, accumulate: false);
        if (_options.X0Shortcut)
            Clear(_a.DEmbedding, count);
        if (_options.ValueEmbeddings)
            Clear(_a.DValueEmbedding, count);
        for (var i = _options.Depth - 1; i >= 0; i--)
        {
            MlpBackward(group, weights, gradients, i, dropout);
            AttendBackward(group, weights, gradients, i, dropout);
            MixEmbeddingBackward(group, weights, gradients, i);
        }
        if (_options.X0Shortcut)
            _element.AddScaled(1, _a.DEmbedding, _a.DStream, count);
        EmbedBackward(group, target);
    }

    private void MlpBackward(in SequenceGroup group, float* weights, float* gradients, int index, bool dropout)
    {
        var block = _a.Blocks[index];
        var parameters = _layout.Blocks[index];
        var (rows, hidden, inputs) = (group.Rows, _layout.Hidden, _layout.HiddenInputs);
        var doutput = BranchGradient(group, dropout, Site(group, index, 1));
        Multiply(doutput, _width, rows, _packed.Backward(parameters.Down), _a.DActivated, hidden);
        _element.ActivateBackward(_options.Activation, block.Up, _a.DActivated, rows, hidden, _a.DUp, _a.Activated);
        WeightGradient(parameters.Down, doutput, _width, _a.Activated, hidden, rows, gradients);
        NormAgain(parameters.Norm2, weights, block.Middle, rows);
        Convolve(group, weights, parameters.Canon2);
        WeightGradient(parameters.Up, _a.DUp, inputs, _a.Convolved, _width, rows, gradients);
        Multiply(_a.DUp, inputs, rows, _packed.Backward(parameters.Up), _a.DNormed, _width);
        ConvolveBackward(group, weights, gradients, parameters.Canon2);
        NormBackward(parameters.Norm2, weights, gradients, block.Middle, block.Mean2, block.Rstd2, rows, accumulate: true);
    }

    private void AttendBackward(in SequenceGroup group, float* weights, float* gradients, int index, bool dropout)
    {
        var block = _a.Blocks[index];
        var parameters = _layout.Blocks[index];
        var (rows, stride) = (group.Rows, 3 * _width);
        var doutput = BranchGradient(group, dropout, Site(group, index, 0));
        WeightGradient(parameters.Out, doutput, _width, block.Attended, _width, rows, gradients);
        Multiply(doutput, _width, rows, _packed.Backward(parameters.Out), _a.DNormed, _width);
        _clock.Switch(StepPhase.Attention);
        for (var s = 0; s < group.Sequences; s++)
        {
            var row = (long)s * group.Length;
            var used = block.Used + (row * stride);
            var dused = _a.DUsed + (row * stride);
            _kernels.Attention.Backward(
                Shape(group, s), used, used + _width, used + (2 * _width), stride, block.Attended + (row * _width),
                _a.DNormed + (row * _width), _width, block.LogSumExp + (row * _layout.Heads), dused, dused + _width, dused + (2 * _width),
                stride, _workspace);
        }
        _clock.Switch(StepPhase.Norms);
        if (block.Used != block.Qkv)
            TransformBackward(group, weights, gradients, index);
        NormAgain(parameters.Norm1, weights, block.Mixed, rows);
        Convolve(group, weights, parameters.Canon1);
        WeightGradient(parameters.Qkv, _a.DUsed, stride, _a.Convolved, _width, rows, gradients);
        Multiply(_a.DUsed, stride, rows, _packed.Backward(parameters.Qkv), _a.DNormed, _width);
        ConvolveBackward(group, weights, gradients, parameters.Canon1);
        NormBackward(parameters.Norm1, weights, gradients, block.Mixed, block.Mean1, block.Rstd1, rows, accumulate: true);
    }

    /// <summary>DUsed, in place: gradient of queries, keys and values as attended with → as projected.</summary>
    private void TransformBackward(in SequenceGroup group, float* weights, float* gradients, int index)
    {
        var block = _a.Blocks[index];
        var stride = 3 * _width;
        Rotate(group, _a.DUsed, inverse: true);
        if (_options.QkNorm)
        {
            for (var head = 0; head < 2 * _layout.Heads; head++)
            {
                var column = head * _layout.HeadWidth;
                var rstd = head < _layout.Heads
                    ? block.RstdQ + ((long)head * group.Rows)
                    : block.RstdK + ((long)(head - _layout.Heads) * group.Rows);
                _element.RmsNormBackward(
                    _a.DUsed + column, stride, block.Qkv + column, stride, null, rstd, group.Rows, _layout.HeadWidth, _a.DUsed + column,
                    stride, accumulate: false, null);
            }
        }
        if (_layout.Blocks[index].ValueMix is not { } mix)
            return;
        var (dvalue, dembedding) = _element.MixBackward(
            weights[mix.Offset], block.Qkv + (2 * _width), stride, weights[mix.Offset + 1], _a.ValueEmbedding, _width, group.Rows, _width,
            _a.DUsed + (2 * _width), stride, _a.DValueEmbedding, _width);
        gradients[mix.Offset] += (float)dvalue;
        gradients[mix.Offset + 1] += (float)dembedding;
    }

    private void MixEmbeddingBackward(in SequenceGroup group, float* weights, float* gradients, int index)
    {
        if (_layout.Blocks[index].Mix is not { } mix)
            return;
        var (dstream, dembedding) = _element.MixBackward(
            weights[mix.Offset], _a.Blocks[index].Input, _width, weights[mix.Offset + 1], _a.Embedding, _width, group.Rows, _width,
            _a.DStream, _width, _a.DEmbedding, _width);
        gradients[mix.Offset] += (float)dstream;
        gradients[mix.Offset + 1] += (float)dembedding;
    }

    private void EmbedBackward(in SequenceGroup group, in GradientTarget target)
    {
        var count = (long)group.Rows * _width;
        var dembedded = _a.DStream;
        if (_options.EmbeddingNorm)
        {
            dembedded = target.Embedding != null ? target.Embedding : _a.DNormed;
            _element.RmsNormBackward(
                _a.DStream, _width, _a.Embedded, _width, null, _a.RstdEmbedded, group.Rows, _width, dembedded, _width, accumulate: false,
                null);
        }
        else if (target.Embedding != null)
        {
            Copy(_a.DStream, target.Embedding, count);
        }
        if (target.Value != null)
            Copy(_a.DValueEmbedding, target.Value, count);
        for (var row = 0; row < group.Rows; row++)
        {
            var d = dembedded + ((long)row * _width);
            AddRow(_layout.Token, group.Inputs[row], d, target.Arena);
            AddRow(_layout.Position, row % group.Length, d, target.Arena);
            if (_layout.Bigram is { } bigram)
                AddRow(bigram, PairHash.Row(group.Inputs, row, group.Length, _options.BigramBuckets), d, target.Arena);
            AddRow(_layout.Value, group.Inputs[row], _a.DValueEmbedding + ((long)row * _width), target.Arena);
        }
    }

    /// <summary>Adds to a row of a table's dense gradient, where it has one.</summary>
    private void AddRow(Parameter? table, long row, float* d, float* gradients)
    {
        if (table is not null && !_layout.IsLookup(table))
            _element.AddScaled(1, d, gradients + table.Offset + (row * _width), _width);
    }

    /// <summary>The gradient of a block's branch from that of the stream: through the residual scale and the dropout mask.</summary>
    private float* BranchGradient(in SequenceGroup group, bool dropout, ulong site)
    {
        if (!dropout && _layout.ResidualScale == 1)
            return _a.DStream;
        var count = (long)group.Rows * _width;
        _element.Scale(_layout.ResidualScale, _a.DStream, _a.DBranch, count);
        if (dropout)
            Dropout.Apply(_a.DBranch, count, _options.Dropout, site);
        return _a.DBranch;
    }

    private void WeightGradient(Parameter weight, float* doutput, int outputs, float* input, int inputs, int rows, float* gradients)
    {
        _clock.Switch(StepPhase.MatrixProducts);
        _matrix.MultiplyTransposed(
            doutput, outputs, outputs, input, inputs, inputs, rows, gradients + weight.Offset, inputs, _adds, _workspace);
        _clock.Switch(StepPhase.Norms);
    }

    /// <summary>Normed = norm(x), computed again.</summary>
    private void NormAgain(NormParameters parameters, float* weights, float* x, int rows) =>
        Norm(parameters, weights, x, rows, _a.Normed, null, null);

    /// <summary>DStream (+)= gradient of the norm's input, from DNormed.</summary>
    private void NormBackward(
        NormParameters parameters, float* weights, float* gradients, float* x, float* mean, float* rstd, int rows, bool accumulate)
    {
        var gain = parameters.Gain is { } g ? weights + g.Offset : null;
        var dgain = parameters.Gain is { } dg ? gradients + dg.Offset : null;
        if (_options.Normalization == Normalization.LayerNorm)
            _element.LayerNormBackward(
                _a.DNormed, _width, x, _width, gain, mean, rstd, rows, _width, _a.DStream, _width, accumulate, dgain,
                gradients + parameters.Bias!.Offset);
        else
            _element.RmsNormBackward(_a.DNormed, _width, x, _width, gain, rstd, rows, _width, _a.DStream, _width, accumulate, dgain);
    }

    private static void Clear(float* x, long count) => System.Runtime.InteropServices.NativeMemory.Clear(x, (nuint)(count * sizeof(float)));
}
