using TorchSharp;
using TuneGrid.Training.Model;

namespace TuneGrid.Training.Torch.Model;

internal sealed partial class TorchModel
{
    /// <summary>
    /// For each row that the convolutions look back, [sequences, length, 1]: 1 where it belongs to the same document, else 0.
    /// </summary>
    private torch.Tensor[] Sources(in ModelInput input)
    {
        var (sequences, length) = (input.Tokens.shape[0], input.Tokens.shape[1]);
        var sources = new torch.Tensor[Math.Min(_options.Canon, length - 1)];
        var positions = torch.arange(length, torch.ScalarType.Int64, input.Tokens.device).expand(sequences, length);
        var first = input.FirstVisible ?? torch.zeros_like(positions);
        for (var j = 1; j <= sources.Length; j++)
            sources[j - 1] = (positions - j).ge(first).to(torch.ScalarType.Float32).unsqueeze(-1);
        return sources;
    }

    /// <summary>x[t] + the sum of canon[j - 1] x[t - j], over the rows t - j of the same document.</summary>
    private static torch.Tensor Convolve(torch.Tensor x, Parameter? canon, ParameterViews weights, torch.Tensor[] sources)
    {
        var y = x;
        for (var j = 1; j <= sources.Length && canon is not null; j++)
        {
            var tap = weights[canon].view(canon.Rows, canon.Columns).narrow(0, j - 1, 1);
            y = y + (x.roll(j, 1) * sources[j - 1] * tap);
        }
        return y;
    }
}
