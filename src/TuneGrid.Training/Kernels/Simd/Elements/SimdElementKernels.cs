namespace TuneGrid.Training.Kernels.Simd.Elements;

/// <summary>
/// The element kernels in registers of one width; the arithmetic is fp32 throughout, totals over long vectors are double.
/// </summary>
internal sealed unsafe partial class SimdElementKernels<TLane, TVector> : IElementKernels
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    /// <summary>Elements added up in fp32: few enough for its precision, many enough to hide the step to double.</summary>
    private const int SumBlock = 4096;

    public void AdamW(in AdamStep step, float* weights, float* gradients, float* moment1, float* moment2, long count)
    {
        var gradientScale = TLane.Create(step.GradientScale);
        var (rate1, rate2) = (TLane.Create(1 - step.Beta1), TLane.Create(1 - step.Beta2));
        var (unbias1, unbias2) = (TLane.Create(-step.LearningRate / step.Correction1), TLane.Create(1 / step.Correction2));
        var epsilon = TLane.Create(step.Epsilon);
        var decay = TLane.Create(-step.LearningRate * step.WeightDecay);
        for (long i = 0; i < count; i += TLane.Count)
        {
            var n = (int)Math.Min(TLane.Count, count - i);
            var g = TLane.Multiply(Load(gradients + i, n), gradientScale);
            TVector w = Load(weights + i, n), m = Load(moment1 + i, n), v = Load(moment2 + i, n);
            m = TLane.MultiplyAdd(TLane.Subtract(g, m), rate1, m);
            v = TLane.MultiplyAdd(TLane.Subtract(TLane.Multiply(g, g), v), rate2, v);
            var denominator = TLane.Add(TLane.Sqrt(TLane.Multiply(v, unbias2)), epsilon);
            w = TLane.Add(TLane.MultiplyAdd(w, decay, w), TLane.Divide(TLane.Multiply(m, unbias1), denominator));
            Store(w, weights + i, n);
            Store(m, moment1 + i, n);
            Store(v, moment2 + i, n);
        }
    }

    public double NesterovMomentum(float gradientScale, float momentum, float* gradient, float* moment, float* update, long count)
    {
        double sum = 0;
        for (long i = 0; i < count; i += SumBlock)
            sum += NesterovBlock(gradientScale, momentum, gradient + i, moment + i, update + i, (int)Math.Min(SumBlock, count - i));
        return sum;
    }

    private static float NesterovBlock(float gradientScale, float momentum, float* gradient, float* moment, float* update, int count)
    {
        var (scale, keep, take) = (TLane.Create(gradientScale), TLane.Create(momentum), TLane.Create(1 - momentum));
        var squares = TLane.Zero;
        for (var i = 0; i < count; i += TLane.Count)
        {
            var n = Math.Min(TLane.Count, count - i);
            TVector g = TLane.Multiply(Load(gradient + i, n), scale), m = Load(moment + i, n);
            m = TLane.MultiplyAdd(TLane.Subtract(g, m), take, m);
            var ahead = TLane.MultiplyAdd(TLane.Subtract(m, g), keep, g);
            squares = TLane.MultiplyAdd(ahead, ahead, squares);
            Store(m, moment + i, n);
            Store(ahead, update + i, n);
        }
        return TLane.Sum(squares);
    }

    public void Scale(float scale, float* x, float* y, long count) =>
        Sweep<TLane, TVector>.Run(new Scaled<TLane, TVector>(scale), x, y, count);

    public void AddScaled(float scale, float* x, float* y, long count) =>
        Sweep<TLane, TVector>.Run(new AddedScaled<TLane, TVector>(scale), x, y, y, count);

    public void Lerp(float weight, float* x, float* y, long count) =>
        Sweep<TLane, TVector>.Run(new Interpolated<TLane, TVector>(weight), x, y, y, count);

    public void MultiplyElements(float* x, float* z, float* y, long count, bool accumulate)
    {
        if (accumulate)
            Sweep<TLane, TVector>.Run(default(Product<TLane, TVector>), x, z, y, y, count);
        else
            Sweep<TLane, TVector>.Run(default(Product<TLane, TVector>), x, z, y, count);
    }

    public double SumOfSquares(float* x, long count) => Dot(x, x, count);

    public double Dot(float* x, float* y, long count)
    {
        double sum = 0;
        for (long i = 0; i < count; i += SumBlock)
            sum += Sweep<TLane, TVector>.Sum(default(Product<TLane, TVector>), x + i, y + i, (int)Math.Min(SumBlock, count - i));
        return sum;
    }
}
