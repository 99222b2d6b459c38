using System.Runtime.Intrinsics;
using TuneGrid.Training.Kernels.Reference;
using TuneGrid.Training.Kernels.Simd;

namespace TuneGrid.Training.Tests.Kernels;

/// <summary>
/// The stated errors hold over dense sweeps. Vector128 is there on every machine; the formulas are the same at every width.
/// </summary>
public sealed class ActivationMathTests
{
    [Fact]
    public void Tanh() => AssertRelative(-12, 12, 5e-7, Math.Tanh, x => VectorMath.Tanh<Lane128, Vector128<float>>(x));

    [Fact]
    public void TanhOfSmallValues() => AssertRelative(1e-20, 1e-3, 5e-7, Math.Tanh, x => VectorMath.Tanh<Lane128, Vector128<float>>(x));

    [Fact]
    public void Sigmoid() =>
        AssertRelative(-86, 40, 5e-7, x => 1 / (1 + Math.Exp(-x)), x => VectorMath.Sigmoid<Lane128, Vector128<float>>(x));

    [Fact]
    public void NormalCumulative()
    {
        for (var x = -12f; x <= 12; x += 1 / 512f)
        {
            var expected = (1 + ReferenceElementKernels.Erf(x / Math.Sqrt(2))) / 2;
            Assert.Equal(expected, VectorMath.NormalCumulative<Lane128, Vector128<float>>(Vector128.Create(x), out _)[0], 5e-7);
        }
    }

    [Fact]
    public void NotANumberStays()
    {
        var x = Vector128.Create(float.NaN);
        Assert.True(float.IsNaN(VectorMath.Tanh<Lane128, Vector128<float>>(x)[0]));
        Assert.True(float.IsNaN(VectorMath.Sigmoid<Lane128, Vector128<float>>(x)[0]));
        Assert.True(float.IsNaN(VectorMath.NormalCumulative<Lane128, Vector128<float>>(x, out _)[0]));
    }

    private static void AssertRelative(
        double from, double to, double tolerance, Func<double, double> exact, Func<Vector128<float>, Vector128<float>> ours)
    {
        const int points = 100_000;
        double worst = 0, where = 0;
        for (var i = 0; i <= points; i++)
        {
            var x = (float)(from + (to - from) * i / points);
            var expected = exact(x);
            var error = x == 0 ? 0 : Math.Abs(ours(Vector128.Create(x))[0] - expected) / Math.Abs(expected);
            if (!(error <= worst))
                (worst, where) = (error, x);
        }
        Assert.True(worst <= tolerance, $"relative error {worst:G3} at {where}");
    }
}
