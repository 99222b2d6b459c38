namespace TuneGrid.Training.Kernels.Simd.Elements;

internal sealed unsafe partial class SimdElementKernels<TLane, TVector>
{
    public void Activate(Activation kind, float* x, int rows, int hidden, float* output)
    {
        var count = (long)rows * hidden;
        if (kind == Activation.Gelu)
            Sweep<TLane, TVector>.Run(default(Gelu<TLane, TVector>), x, output, count);
        else if (kind == Activation.ReluSquared)
            Sweep<TLane, TVector>.Run(default(ReluSquare<TLane, TVector>), x, output, count);
        else
            for (var row = 0; row < rows; row++, x += 2L * hidden, output += hidden)
                Sweep<TLane, TVector>.Run(default(SwiGlu<TLane, TVector>), x, x + hidden, output, hidden);
    }

    public void ActivateBackward(Activation kind, float* x, float* doutput, int rows, int hidden, float* dx, float* output)
    {
        var count = (long)rows * hidden;
        if (kind == Activation.Gelu)
            Backward(default(Gelu<TLane, TVector>), x, doutput, dx, output, count);
        else if (kind == Activation.ReluSquared)
            Backward(default(ReluSquare<TLane, TVector>), x, doutput, dx, output, count);
        else
            for (var row = 0L; row < rows; row++)
                GatedBackward(
                    x + 2 * row * hidden, doutput + row * hidden, hidden, dx + 2 * row * hidden,
                    output == null ? null : output + row * hidden);
    }

    private static void Backward<TMap>(TMap map, float* x, float* doutput, float* dx, float* output, long count)
        where TMap : struct, IMap2<TVector>, IPairMap<TVector>
    {
        if (output == null)
            Sweep<TLane, TVector>.Run(map, x, doutput, dx, count);
        else
            Sweep<TLane, TVector>.RunBoth(map, x, doutput, dx, output, count);
    }

    private static void GatedBackward(float* x, float* doutput, int hidden, float* dx, float* output)
    {
        var one = TLane.Create(1f);
        for (var i = 0; i < hidden; i += TLane.Count)
        {
            var n = Math.Min(TLane.Count, hidden - i);
            TVector gate = Load(x + i, n), up = Load(x + hidden + i, n), d = Load(doutput + i, n);
            var sigmoid = VectorMath.Sigmoid<TLane, TVector>(gate);
            var slope = TLane.MultiplyAdd(gate, TLane.Subtract(one, sigmoid), one);
            var swish = TLane.Multiply(gate, sigmoid);
            Store(TLane.Multiply(TLane.Multiply(d, up), TLane.Multiply(sigmoid, slope)), dx + i, n);
            Store(TLane.Multiply(d, swish), dx + hidden + i, n);
            if (output != null)
                Store(TLane.Multiply(swish, up), output + i, n);
        }
    }

    public void Rotate(float* x, int stride, int rows, int heads, int headWidth, float* cos, float* sin, bool inverse)
    {
        var half = headWidth / 2;
        var sign = TLane.Create(inverse ? -1 : 1);
        for (var row = 0; row < rows; row++, x += stride, cos += half, sin += half)
        {
            for (var i = 0; i < half; i += TLane.Count)
            {
                var n = Math.Min(TLane.Count, half - i);
                TVector c = Load(cos + i, n), s = TLane.Multiply(Load(sin + i, n), sign), minus = TLane.Subtract(TLane.Zero, s);
                for (var head = 0; head < heads; head++)
                {
                    float* first = x + head * headWidth + i, second = first + half;
                    TVector a = Load(first, n), b = Load(second, n);
                    Store(TLane.MultiplyAdd(b, s, TLane.Multiply(a, c)), first, n);
                    Store(TLane.MultiplyAdd(a, minus, TLane.Multiply(b, c)), second, n);
                }
            }
        }
    }
}
