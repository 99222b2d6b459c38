using TorchSharp;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;
using TuneGrid.Training.Torch.Devices;
using static TorchSharp.torch.nn;

namespace TuneGrid.Training.Torch.Model;

/// <summary>
/// The same model as SequencePass, whole batches at a time, written so that autograd finds the backward pass. Tensors are made in the
/// caller's dispose scope.
/// </summary>
internal sealed partial class TorchModel : IDisposable
{
    private readonly ModelLayout _layout;
    private readonly TrainingOptions _options;
    private readonly TorchPrecision _precision;
    private readonly torch.Tensor? _cos, _sin;

    public TorchModel(ModelLayout layout, torch.Device device, TorchPrecision precision)
    {
        (_layout, _options, _precision) = (layout, layout.Options, precision);
        if (_options.Position == PositionKind.Rope)
            (_cos, _sin) = Rotary(device);
    }

    /// <summary>[sequences * length, vocabulary] fp32, capped.</summary>
    public torch.Tensor Logits(in ModelInput input, ParameterViews weights)
    {
        var embedding = Embed(input, weights);
        var values = _layout.Value is { } table ? Look(weights[table], input.Tokens) : null;
        var mask = input.FirstVisible is { } first ? Visible(first) : null;
        var sources = Sources(input);
        var x = embedding;
        for (var i = 0; i < _options.Depth; i++)
        {
            var block = _layout.Blocks[i];
            if (block.Mix is { } mix)
                x = Mixed(weights[mix], x, embedding);
            var seen = Convolve(Norm(x, block.Norm1, weights), block.Canon1, weights, sources);
            x += Branch(Attend(seen, block, weights, values, mask), block.Out, weights, input.Dropout, i, 0);
            seen = Convolve(Norm(x, block.Norm2, weights), block.Canon2, weights, sources);
            x += Branch(Activate(Linear(seen, weights[block.Up])), block.Down, weights, input.Dropout, i, 1);
        }
        var final = Norm(x, _layout.FinalNorm, weights).view(-1, _options.Width);
        var logits = Linear(_layout.HeadScale != 1 ? final * _layout.HeadScale : final, weights[_layout.Head]);
        return _options.SoftCap > 0 ? (logits / _options.SoftCap).tanh() * _options.SoftCap : logits;
    }

    public void Dispose()
    {
        _cos?.Dispose();
        _sin?.Dispose();
    }

    /// <summary>[sequences, length, width].</summary>
    private torch.Tensor Embed(in ModelInput input, ParameterViews weights)
    {
        var x = Look(weights[_layout.Token], input.Tokens);
        if (_layout.Position is { } position)
            x += weights[position].narrow(0, 0, input.Tokens.shape[1]);
        if (input.Bigrams is not null)
            x += input.Bigrams.index_select(0, input.Pairs!).view(x.shape);
        return _options.EmbeddingNorm ? RmsNorm(x) : x;
    }

    private static torch.Tensor Look(torch.Tensor table, torch.Tensor tokens) =>
        table.index_select(0, tokens.view(-1)).view(tokens.shape[0], tokens.shape[1], table.shape[1]);

    /// <summary>mix[0] x + mix[1] y.</summary>
    private static torch.Tensor Mixed(torch.Tensor mix, torch.Tensor x, torch.Tensor y) =>
        (mix.narrow(0, 0, 1) * x) + (mix.narrow(0, 1, 1) * y);

    /// <summary>What a block adds to the stream.</summary>
    private torch.Tensor Branch(torch.Tensor x, Parameter projection, ParameterViews weights, DropoutMasks? dropout, int block, int site)
    {
        var y = Linear(x, weights[projection]);
        if (dropout is not null)
            y *= dropout.Draw(block, site);
        return _layout.ResidualScale != 1 ? y * _layout.ResidualScale : y;
    }

    private torch.Tensor Activate(torch.Tensor up)
    {
        switch (_options.Activation)
        {
            case Activation.Gelu:
                return functional.gelu(up);
            case Activation.ReluSquared:
                return functional.relu(up).square();
            default:
                var gate = up.narrow(-1, 0, _layout.Hidden);
                return functional.silu(gate) * up.narrow(-1, _layout.Hidden, _layout.Hidden);
        }
    }

    private torch.Tensor Norm(torch.Tensor x, NormParameters norm, ParameterViews weights)
    {
        if (_options.Normalization == Normalization.LayerNorm)
            return functional.layer_norm(x, [_options.Width], weights[norm.Gain!], weights[norm.Bias!], IElementKernels.NormEpsilon);
        return norm.Gain is { } gain ? RmsNorm(x) * weights[gain] : RmsNorm(x);
    }

    private static torch.Tensor RmsNorm(torch.Tensor x) => x * (x.square().mean([-1], keepdim: true) + IElementKernels.NormEpsilon).rsqrt();

    /// <summary>x Wᵀ. There is no autocast, so the operands are cast by hand; what comes out is fp32 again.</summary>
    private torch.Tensor Linear(torch.Tensor x, torch.Tensor weight) => _precision == TorchPrecision.Fp32
        ? functional.linear(x, weight)
        : functional.linear(x.to(torch.ScalarType.BFloat16), weight.to(torch.ScalarType.BFloat16)).to(torch.ScalarType.Float32);
}
