using TuneGrid.Training.Kernels;
using TuneGrid.Training.Kernels.Reference;

namespace TuneGrid.Training.Tests.Kernels;

/// <summary>
/// Every element kernel of every level against the reference: odd sizes, strides, in place, extreme values, equal bits on equal input.
/// </summary>
public abstract unsafe partial class ElementKernelsContract(InstructionSet set)
{
    private static readonly ReferenceElementKernels Reference = new();
    private readonly IElementKernels _kernels = KernelLadder.For(set).Element;

    public static TheoryData<int> Counts() => [0, 1, 3, 7, 15, 16, 17, 31, 33, 64, 100, 129, 5000];

    public static TheoryData<Activation, int> ActivationCounts()
    {
        var data = new TheoryData<Activation, int>();
        foreach (var kind in Enum.GetValues<Activation>())
            foreach (var count in new[] { 0, 1, 3, 15, 16, 17, 33, 64, 129 })
                data.Add(kind, count);
        return data;
    }

    [KernelTheory]
    [MemberData(nameof(Counts))]
    public void VectorOperationsEqualTheReference(int count)
    {
        Check(count, (k, a) => k.Scale(0.7f, a[0], a[1], count));
        Check(count, (k, a) => k.Scale(0.7f, a[0], a[0], count));
        Check(count, (k, a) => k.AddScaled(-1.3f, a[0], a[1], count));
        Check(count, (k, a) => k.Lerp(0.2f, a[0], a[1], count));
        Check(count, (k, a) => k.MultiplyElements(a[0], a[1], a[2], count, false));
        Check(count, (k, a) => k.MultiplyElements(a[0], a[1], a[2], count, true));
        Check(count, (k, a) => k.MultiplyElements(a[0], a[1], a[0], count, true));
    }

    [KernelTheory]
    [MemberData(nameof(Counts))]
    public void MixturesEqualTheReference(int width)
    {
        const int rows = 3;
        var stride = width + 5;
        Check(rows * stride, (k, a) => k.Mix(0.7f, a[0], stride, -1.3f, a[1], stride, rows, width, a[2], stride));
        Check(rows * stride, (k, a) => k.Mix(0.7f, a[0], stride, -1.3f, a[1], stride, rows, width, a[0], stride));
        Check(rows * stride, (k, a) =>
        {
            var (da, db) = k.MixBackward(0.7f, a[0], stride, -1.3f, a[1], stride, rows, width, a[2], stride, a[3], stride);
            (a[4][0], a[5][0]) = ((float)(da / (width + 1)), (float)(db / (width + 1)));
        });
    }

    [KernelTheory]
    [MemberData(nameof(Counts))]
    public void ConvolutionsEqualTheReference(int width)
    {
        const int rows = 9;
        int* firstVisible = stackalloc int[rows] { 0, 0, 0, 0, 4, 4, 6, 7, 7 };
        foreach (var first in new[] { (nint)0, (nint)firstVisible })
            for (var taps = 1; taps <= IElementKernels.MostTaps; taps++)
            {
                var shape = new ConvolutionShape(rows, width, taps, (int*)first);
                Check(rows * width, (k, a) => k.Convolve(shape, a[0], a[1], a[2]));
                Check(rows * width, (k, a) => k.ConvolveBackward(shape, a[0], a[1], a[2], a[3]));
            }
    }

    [KernelTheory]
    [MemberData(nameof(Counts))]
    public void SumsEqualTheReference(int count)
    {
        using NativeArray x = NativeArray.Random(count, 1), y = NativeArray.Random(count, 2);
        var expected = Reference.SumOfSquares(x.Data, count);
        Assert.Equal(expected, _kernels.SumOfSquares(x.Data, count), 1e-6 * expected);
        Assert.Equal(Reference.Dot(x.Data, y.Data, count), _kernels.Dot(x.Data, y.Data, count), 1e-6 * Math.Max(1, expected));
    }

    [KernelTheory]
    [MemberData(nameof(Counts))]
    public void AdamWEqualsTheReference(int count)
    {
        var step = new AdamStep(0.01f, 0.9f, 0.95f, 1e-8f, 0.1f, 0.19f, 0.0975f, 0.5f);
        Check(count, (k, a) =>
        {
            for (var i = 0; i < count; i++)
                a[3][i] = Math.Abs(a[3][i]);
            k.AdamW(step, a[0], a[1], a[2], a[3], count);
        });
    }

    [KernelTheory]
    [MemberData(nameof(Counts))]
    public void NesterovMomentumEqualsTheReference(int count)
        => Check(count, (k, a) => a[3][0] = (float)k.NesterovMomentum(0.5f, 0.9f, a[0], a[1], a[2], count), extra: 1);

    [KernelTheory]
    [MemberData(nameof(ActivationCounts))]
    public void ActivationsEqualTheReference(Activation kind, int hidden)
    {
        var wide = kind == Activation.SwiGlu ? 2 : 1;
        Check(3 * wide * hidden, (k, a) => k.Activate(kind, a[0], 3, hidden, a[1]), size: 6);
        Check(3 * wide * hidden, (k, a) => k.ActivateBackward(kind, a[0], a[1], 3, hidden, a[2], null), size: 6);
        Check(3 * wide * hidden, (k, a) => k.ActivateBackward(kind, a[0], a[1], 3, hidden, a[2], a[3]), size: 6);
        Check(3 * wide * hidden, (k, a) => k.ActivateBackward(kind, a[0], a[1], 3, hidden, a[0], null), size: 6);
    }

    [KernelTheory]
    [MemberData(nameof(Counts))]
    public void NormsEqualTheReference(int width)
    {
        const int rows = 3;
        var stride = width + 5;
        foreach (var gained in new[] { false, true })
            foreach (var accumulate in new[] { false, true })
            {
                float* If(float* p) => gained ? p : null;
                Check(rows * stride, (k, a) => k.RmsNorm(a[0], stride, If(a[1]), rows, width, a[2], stride, a[3]));
                Check(rows * stride, (k, a) => k.RmsNorm(a[0], stride, If(a[1]), rows, width, a[0], stride, null));
                Check(rows * stride, (k, a) => k.RmsNormBackward(
                    a[0], stride, a[1], stride, If(a[2]), a[3], rows, width, a[4], stride, accumulate, If(a[5])));
                Check(rows * stride, (k, a) => k.RmsNormBackward(
                    a[0], stride, a[1], stride, If(a[2]), a[3], rows, width, a[0], stride, accumulate, If(a[5])));
                Check(
                    rows * stride, (k, a) => k.LayerNorm(a[0], stride, If(a[1]), If(a[5]), rows, width, a[2], stride, a[3], a[4]),
                    extra: rows);
                Check(rows * stride, (k, a) => k.LayerNormBackward(
                    a[0], stride, a[1], stride, If(a[2]), a[3], a[4], rows, width, a[5], stride, accumulate, If(a[6]), If(a[7])));
            }
    }

    [KernelTheory]
    [InlineData(1, 2)]
    [InlineData(3, 8)]
    [InlineData(2, 14)]
    [InlineData(2, 32)]
    [InlineData(3, 66)]
    public void RotationEqualsTheReferenceAndItsInverseUndoesIt(int heads, int headWidth)
    {
        const int rows = 4;
        var stride = heads * headWidth + 3;
        Check(rows * stride, (k, a) => k.Rotate(a[0], stride, rows, heads, headWidth, a[1], a[2], false));
        Check(rows * stride, (k, a) => k.Rotate(a[0], stride, rows, heads, headWidth, a[1], a[2], true));
        using NativeArray x = NativeArray.Random(rows * stride, 1), cos = new(rows * headWidth / 2), sin = new(rows * headWidth / 2);
        for (var i = 0; i < cos.Count; i++)
            (sin.Span[i], cos.Span[i]) = MathF.SinCos(i);
        using var original = x.Copy();
        _kernels.Rotate(x.Data, stride, rows, heads, headWidth, cos.Data, sin.Data, false);
        _kernels.Rotate(x.Data, stride, rows, heads, headWidth, cos.Data, sin.Data, true);
        AssertClose(original, x, 1e-6f);
    }

    /// <summary>
    /// Runs the same call on two sets of equal operands, and twice on ours: equal to the reference within tolerance, to itself in every
    /// bit.
    /// </summary>
    private void Check(int count, Action<IElementKernels, float*[]> call, float size = 1, int extra = 0)
    {
        using Operands expected = new(count + extra, size), actual = new(count + extra, size), again = new(count + extra, size);
        call(Reference, expected.Pointers);
        call(_kernels, actual.Pointers);
        call(_kernels, again.Pointers);
        for (var i = 0; i < Operands.Count; i++)
        {
            AssertClose(expected[i], actual[i], 3e-6f);
            Assert.Equal(actual[i].Span.ToArray(), again[i].Span.ToArray());
            actual[i].AssertGuardsIntact();
        }
    }

    private static void AssertClose(NativeArray expected, NativeArray actual, float tolerance)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            float x = expected.Span[i], y = actual.Span[i];
            if (!(Math.Abs(x - y) <= tolerance * Math.Max(1, Math.Abs(x))) && !(float.IsNaN(x) && float.IsNaN(y)) && x != y)
                Assert.Fail($"[{i}]: expected {x:R}, got {y:R}");
        }
    }

    private sealed class Operands : IDisposable
    {
        public const int Count = 8;
        private readonly NativeArray[] _arrays;

        public Operands(int count, float size)
        {
            _arrays = [.. Enumerable.Range(0, Count).Select(i => NativeArray.Random(Math.Max(count, 8), i + 1, size))];
            Pointers = new float*[Count];
            for (var i = 0; i < Count; i++)
                Pointers[i] = _arrays[i].Data;
        }

        public float*[] Pointers { get; }

        public NativeArray this[int index] => _arrays[index];

        public void Dispose()
        {
            foreach (var array in _arrays)
                array.Dispose();
        }
    }
}

[RunsOn(InstructionSet.Vector128)]
public sealed class Vector128ElementKernelsTests() : ElementKernelsContract(InstructionSet.Vector128);

[RunsOn(InstructionSet.Avx2)]
public sealed class Avx2ElementKernelsTests() : ElementKernelsContract(InstructionSet.Avx2);

[RunsOn(InstructionSet.Avx512)]
public sealed class Avx512ElementKernelsTests() : ElementKernelsContract(InstructionSet.Avx512);
