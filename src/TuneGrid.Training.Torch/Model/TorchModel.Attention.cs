using TorchSharp;
using TuneGrid.Training.Model;
using TuneGrid.Training.Torch.Devices;
using static TorchSharp.torch.nn;

namespace TuneGrid.Training.Torch.Model;

internal sealed partial class TorchModel
{
    /// <summary>[sequences, length, width] of attention's output, before its projection.</summary>
    /// <param name="values">[sequences, length, width] of the value embedding, or null.</param>
    /// <param name="mask">[sequences, 1, length, length] of what may be seen; null for plain causal attention.</param>
    private torch.Tensor Attend(torch.Tensor x, BlockParameters block, ParameterViews weights, torch.Tensor? values, torch.Tensor? mask)
    {
        var (sequences, length, width) = (x.shape[0], x.shape[1], (long)_options.Width);
        var qkv = Linear(x, weights[block.Qkv]);
        // Queries and keys lie side by side, so their heads are normalized and rotated as one run of twice as many.
        var qk = qkv.narrow(-1, 0, 2 * width).view(sequences, length, 2L * _layout.Heads, _layout.HeadWidth);
        if (_options.QkNorm)
            qk = RmsNorm(qk);
        if (_cos is not null)
            qk = Rotate(qk, _cos.narrow(0, 0, length), _sin!.narrow(0, 0, length));
        var v = qkv.narrow(-1, 2 * width, width);
        if (block.ValueMix is { } mix)
            v = Mixed(weights[mix], v, values!);

        // The library's own scale is 1 / sqrt(head width).
        var scale = _layout.AttentionScale * Math.Sqrt(_layout.HeadWidth);
        var q = qk.narrow(2, 0, _layout.Heads) * scale;
        var attended = functional.scaled_dot_product_attention(
            Heads(q), Heads(qk.narrow(2, _layout.Heads, _layout.Heads)),
            Heads(v.view(sequences, length, _layout.Heads, _layout.HeadWidth)),
            mask, is_casual: mask is null);
        return attended.transpose(1, 2).reshape(sequences, length, width).to(torch.ScalarType.Float32);
    }

    /// <summary>[sequences, length, heads, head width] → [sequences, heads, length, head width], at the products' precision.</summary>
    private torch.Tensor Heads(torch.Tensor x)
    {
        var heads = x.transpose(1, 2);
        return _precision == TorchPrecision.Bf16 ? heads.to(torch.ScalarType.BFloat16) : heads;
    }

    /// <summary>Each head's halves (x1, x2) become (x1 c + x2 s, x2 c - x1 s).</summary>
    private torch.Tensor Rotate(torch.Tensor x, torch.Tensor cos, torch.Tensor sin)
    {
        var half = _layout.HeadWidth / 2;
        var (x1, x2) = (x.narrow(-1, 0, half), x.narrow(-1, half, half));
        return torch.cat([(x1 * cos) + (x2 * sin), (x2 * cos) - (x1 * sin)], -1);
    }

    /// <summary>Cosines and sines, [context, 1, head width / 2].</summary>
    private unsafe (torch.Tensor Cos, torch.Tensor Sin) Rotary(torch.Device device)
    {
        using var table = new RotaryTable(_options.Context, _layout.HeadWidth, _options.RopeBase);
        return (Upload(table.Cos), Upload(table.Sin));

        torch.Tensor Upload(float* angles)
        {
            var half = _layout.HeadWidth / 2;
            using var flat = torch.empty([(long)_options.Context * half], torch.ScalarType.Float32, device);
            HostMemory.Upload(angles, flat);
            return flat.view(_options.Context, 1, half);
        }
    }

    /// <summary>[sequences, 1, length, length]: a position sees those from its story's first to itself.</summary>
    private static torch.Tensor Visible(torch.Tensor firstVisible)
    {
        var length = firstVisible.shape[1];
        var positions = torch.arange(length, torch.ScalarType.Int64, firstVisible.device);
        var causal = positions.view(1, 1, length).le(positions.view(1, length, 1));
        return causal.logical_and(positions.view(1, 1, length).ge(firstVisible.view(-1, length, 1))).unsqueeze(1);
    }
}
