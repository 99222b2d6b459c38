using TorchSharp;
using TuneGrid.Training.Optimization;
using TuneGrid.Training.Torch.Devices;

namespace TuneGrid.Training.Torch.Optimization;

/// <summary>The iteration of <see cref="NewtonSchulz"/> on many matrices of one shape at once.</summary>
internal static class BatchedNewtonSchulz
{
    /// <param name="matrices">[n, rows, columns].</param>
    public static torch.Tensor Orthogonalize(torch.Tensor matrices, TorchPrecision precision)
    {
        // The iteration squares the short side, so tall matrices are worked on transposed.
        var isTall = matrices.shape[1] > matrices.shape[2];
        var x = isTall ? matrices.transpose(1, 2) : matrices;
        var squares = x.square().sum([1L, 2L], keepdim: true);
        x = x / (squares.sqrt() + 1e-7);
        if (precision == TorchPrecision.Bf16)
            x = x.to(torch.ScalarType.BFloat16);
        for (var i = 0; i < NewtonSchulz.Steps; i++)
        {
            var next = Iterate(x);
            x.Dispose();
            x = next;
        }
        return (isTall ? x.transpose(1, 2) : x).to(torch.ScalarType.Float32);
    }

    /// <summary>[n, rows, columns], the caller's to dispose; what it is made of goes at once, for each is as large.</summary>
    private static torch.Tensor Iterate(torch.Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        var gram = x.bmm(x.transpose(1, 2));
        var polynomial = (gram * NewtonSchulz.B) + (gram.bmm(gram) * NewtonSchulz.C);
        return ((x * NewtonSchulz.A) + polynomial.bmm(x)).MoveToOuterDisposeScope();
    }
}
