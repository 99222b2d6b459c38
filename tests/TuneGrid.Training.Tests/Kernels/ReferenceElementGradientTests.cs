using TuneGrid.Training.Kernels;
using TuneGrid.Training.Kernels.Reference;

namespace TuneGrid.Training.Tests.Kernels;

/// <summary>The oracle's own gradients against central finite differences of its forward pass.</summary>
public sealed unsafe class ReferenceElementGradientTests
{
    private const int Rows = 2, Width = 5;
    private static readonly ReferenceElementKernels Kernels = new();

    [Fact]
    public void RmsNorm() => Check(
        (x, gain, bias, y) => Kernels.RmsNorm(x, Width, gain, Rows, Width, y, Width, null),
        (x, gain, dy, dx, dgain, dbias) =>
        {
            float* y = stackalloc float[Rows * Width], rstd = stackalloc float[Rows];
            Kernels.RmsNorm(x, Width, gain, Rows, Width, y, Width, rstd);
            Kernels.RmsNormBackward(dy, Width, x, Width, gain, rstd, Rows, Width, dx, Width, false, dgain);
        });

    [Fact]
    public void LayerNorm() => Check(
        (x, gain, bias, y) => Kernels.LayerNorm(x, Width, gain, bias, Rows, Width, y, Width, null, null),
        (x, gain, dy, dx, dgain, dbias) =>
        {
            float* y = stackalloc float[Rows * Width], mean = stackalloc float[Rows], rstd = stackalloc float[Rows];
            Kernels.LayerNorm(x, Width, gain, null, Rows, Width, y, Width, mean, rstd);
            Kernels.LayerNormBackward(dy, Width, x, Width, gain, mean, rstd, Rows, Width, dx, Width, false, dgain, dbias);
        });

    [Theory]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.ReluSquared)]
    public void Activations(Activation kind) => Check(
        (x, gain, bias, y) => Kernels.Activate(kind, x, Rows, Width, y),
        (x, gain, dy, dx, dgain, dbias) => Kernels.ActivateBackward(kind, x, dy, Rows, Width, dx, null));

    [Fact]
    public void SwiGlu() => Check(
        (x, gain, bias, y) => Kernels.Activate(Activation.SwiGlu, x, 1, Width, y),
        (x, gain, dy, dx, dgain, dbias) => Kernels.ActivateBackward(Activation.SwiGlu, x, dy, 1, Width, dx, null), outputs: Width);

    [Theory]
    [InlineData(0f)]
    [InlineData(2f)]
    public void CrossEntropy(float softCap)
    {
        using NativeArray logits = NativeArray.Random(2 * 7, 1, 3), gradient = logits.Copy();
        var targets = stackalloc int[] { 2, 6 };
        Kernels.CrossEntropy(gradient.Data, 7, 2, 7, targets, softCap, 1, null);
        for (var i = 0; i < logits.Count; i++)
            Assert.Equal(
                Slope(logits, i, () => Kernels.CrossEntropy(logits.Data, 7, 2, 7, targets, softCap, 0, null)), gradient.Data[i], 1e-4);
    }

    private delegate void Forward(float* x, float* gain, float* bias, float* y);

    private delegate void Backward(float* x, float* gain, float* dy, float* dx, float* dgain, float* dbias);

    private static void Check(Forward forward, Backward backward, int outputs = Rows * Width)
    {
        using NativeArray x = NativeArray.Random(Rows * Width, 1, 2), gain = NativeArray.Random(Width, 2),
            bias = NativeArray.Random(Width, 3);
        using NativeArray dy = NativeArray.Random(outputs, 4), y = new(outputs), dx = new(x.Count), dgain = new(Width), dbias = new(Width);
        dgain.Span.Clear();
        dbias.Span.Clear();
        backward(x.Data, gain.Data, dy.Data, dx.Data, dgain.Data, dbias.Data);
        double Total()
        {
            forward(x.Data, gain.Data, bias.Data, y.Data);
            return Kernels.Dot(y.Data, dy.Data, outputs);
        }
        for (var i = 0; i < x.Count; i++)
            Assert.Equal(Slope(x, i, Total), dx.Data[i], 1e-3);
        for (var i = 0; i < Width && dgain.Data[0] != 0; i++)
            Assert.Equal(Slope(gain, i, Total), dgain.Data[i], 1e-3);
        for (var i = 0; i < Width && dbias.Data[0] != 0; i++)
            Assert.Equal(Slope(bias, i, Total), dbias.Data[i], 1e-3);
    }

    private static double Slope(NativeArray x, int index, Func<double> total)
    {
        const float step = 1f / 256;
        var value = x.Data[index];
        x.Data[index] = value + step;
        var above = total();
        x.Data[index] = value - step;
        var below = total();
        x.Data[index] = value;
        return (above - below) / (2 * step);
    }
}
