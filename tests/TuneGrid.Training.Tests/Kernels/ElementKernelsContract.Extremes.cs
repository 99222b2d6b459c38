using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Tests.Kernels;

public abstract unsafe partial class ElementKernelsContract
{
    private static readonly float[] Extremes =
    [
        0, -0f, 1e-45f, -1e-45f, 1e-38f, 1e-6f, -1e-6f, 5.9f, -5.9f, 20, -20, 87, -87, 88.5f, -88.5f, 104, -104, 1e10f, -1e10f, 1e30f,
        -1e30f, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    [KernelTheory]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.ReluSquared)]
    [InlineData(Activation.SwiGlu)]
    public void ActivationsOfExtremeValuesEqualTheReference(Activation kind)
    {
        var n = Extremes.Length;
        var wide = kind == Activation.SwiGlu ? 2 : 1;
        using NativeArray x = new(wide * n), ones = new(n), expected = new(wide * n), actual = new(wide * n);
        ones.Span.Fill(1);
        x.Span.Fill(1);
        Extremes.CopyTo(x.Span);
        Reference.Activate(kind, x.Data, 1, n, expected.Data);
        _kernels.Activate(kind, x.Data, 1, n, actual.Data);
        AssertClose(expected, actual, 3e-6f);
        Reference.ActivateBackward(kind, x.Data, ones.Data, 1, n, expected.Data, null);
        _kernels.ActivateBackward(kind, x.Data, ones.Data, 1, n, actual.Data, null);
        // Infinite inputs have no meaningful slope: inf * 0 differs between the forms of one formula.
        for (var i = 0; i < wide * n; i++)
            if (float.IsInfinity(Extremes[i % n]))
                expected.Data[i] = actual.Data[i] = 0;
        AssertClose(expected, actual, 3e-6f);
    }

    [KernelTheory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(129)]
    [InlineData(2048)]
    public void CrossEntropyEqualsTheReference(int vocabulary)
    {
        const int rows = 4;
        int stride = vocabulary + 3;
        var targets = stackalloc int[rows] { 0, vocabulary - 1, -1, vocabulary / 2 };
        foreach (var softCap in new[] { 0f, 15f, 30f, 200f })
            foreach (var scale in new[] { 0f, 0.25f })
                foreach (var size in new[] { 1f, 50f, 1e4f })
                {
                    using NativeArray expected = NativeArray.Random(rows * stride, 3, size), actual = expected.Copy(),
                        losses = new(rows), ours = new(rows);
                    var total = Reference.CrossEntropy(expected.Data, stride, rows, vocabulary, targets, softCap, scale, losses.Data);
                    var sum = _kernels.CrossEntropy(actual.Data, stride, rows, vocabulary, targets, softCap, scale, ours.Data);
                    Assert.Equal(total, sum, 1e-5 * Math.Max(softCap, Math.Max(1, total)));
                    AssertClose(losses, ours, 1e-5f * Math.Max(1, softCap));
                    if (scale != 0)
                        AssertClose(expected, actual, 1e-5f * Math.Max(1, softCap / 15));
                    actual.AssertGuardsIntact();
                }
    }

    [KernelTheory]
    [InlineData(0f)]
    [InlineData(15f)]
    public void CrossEntropyShowsNotANumberWhereverItStands(float softCap)
    {
        foreach (var place in new[] { 0, 5, 31, 64, 99 })
        {
            using var logits = NativeArray.Random(100, 4);
            logits.Data[place] = float.NaN;
            var target = 3;
            Assert.True(double.IsNaN(_kernels.CrossEntropy(logits.Data, 100, 1, 100, &target, softCap, 1, null)));
        }
    }

    [KernelFact]
    public void CrossEntropyOfForbiddenLogitsGivesThemNoProbability()
    {
        using var logits = new NativeArray(19);
        logits.Span.Fill(float.NegativeInfinity);
        logits.Data[4] = logits.Data[18] = -1000;
        var target = 18;
        Assert.Equal(Math.Log(2), _kernels.CrossEntropy(logits.Data, 19, 1, 19, &target, 0, 1, null), 1e-6);
        Assert.Equal(0.5f, logits.Data[4]);
        Assert.Equal(-0.5f, logits.Data[18]);
        Assert.Equal(0f, logits.Data[0]);
    }
}
