using System.Runtime.CompilerServices;

namespace TuneGrid.Training.Kernels.Simd.Elements;

internal sealed unsafe partial class SimdElementKernels<TLane, TVector>
{
    public double CrossEntropy(float* logits, int stride, int rows, int vocabulary, int* targets, float softCap, float scale, float* losses)
    {
        double total = 0;
        for (var row = 0; row < rows; row++, logits += stride)
        {
            double loss = 0;
            if (targets[row] >= 0)
                loss = softCap == 0
                    ? PlainLoss(logits, vocabulary, targets[row], scale)
                    : CappedLoss(logits, vocabulary, targets[row], softCap, scale);
            else if (scale != 0)
                new Span<float>(logits, vocabulary).Clear();
            total += loss;
            if (losses != null)
                losses[row] = (float)loss;
        }
        return total;
    }

    private static double PlainLoss(float* z, int vocabulary, int target, float scale)
    {
        var (largest, chosen) = (Largest(z, vocabulary), z[target]);
        var sum = Exponentials(z, vocabulary, largest, 1, store: scale != 0);
        if (scale != 0)
        {
            Sweep<TLane, TVector>.Run(new Scaled<TLane, TVector>(scale / sum), z, z, vocabulary);
            z[target] -= scale;
        }
        return Math.Log(sum) + largest - chosen;
    }

    /// <summary>
    /// Keeps t = tanh(z / softCap) in place of the logits: it gives the capped logit and the cap's slope 1 - t² without a second tanh.
    /// </summary>
    private static double CappedLoss(float* z, int vocabulary, int target, float softCap, float scale)
    {
        Sweep<TLane, TVector>.Run(new ScaledTanh<TLane, TVector>(1 / softCap), z, z, vocabulary);
        var (largest, chosen) = (Largest(z, vocabulary), z[target]);
        var sum = Exponentials(z, vocabulary, largest, softCap, store: false);
        if (scale != 0)
        {
            Sweep<TLane, TVector>.Run(new CappedGradient<TLane, TVector>(largest, softCap, scale / sum), z, z, vocabulary);
            z[target] -= scale * (1 - chosen * chosen);
        }
        return Math.Log(sum) + ((double)largest - chosen) * softCap;
    }

    /// <summary>The largest element, not-a-number left out: it shows in the sum.</summary>
    private static float Largest(float* z, int count)
    {
        TVector a = TLane.Create(float.NegativeInfinity), b = a, c = a, d = a;
        int i = 0, lane = TLane.Count;
        for (; i <= count - 4 * lane; i += 4 * lane)
        {
            a = TLane.Max(TLane.Load(z + i), a);
            b = TLane.Max(TLane.Load(z + i + lane), b);
            c = TLane.Max(TLane.Load(z + i + 2 * lane), c);
            d = TLane.Max(TLane.Load(z + i + 3 * lane), d);
        }
        for (; i <= count - lane; i += lane)
            a = TLane.Max(TLane.Load(z + i), a);
        if (i < count)
            b = TLane.Max(LoadFilled(z + i, count - i, float.NegativeInfinity), b);
        return TLane.MaxAcross(TLane.Max(TLane.Max(a, b), TLane.Max(c, d)));
    }

    /// <summary>Sum of e^((z - largest) * factor), each stored in z's place if asked.</summary>
    private static float Exponentials(float* z, int count, float largest, float factor, bool store)
    {
        TVector a = TLane.Zero, b = a, shift = TLane.Create(-largest), times = TLane.Create(factor);
        int i = 0, lane = TLane.Count;
        for (; i <= count - 2 * lane; i += 2 * lane)
        {
            var x = Exponential(TLane.Load(z + i), shift, times);
            var y = Exponential(TLane.Load(z + i + lane), shift, times);
            a = TLane.Add(a, x);
            b = TLane.Add(b, y);
            if (!store)
                continue;
            TLane.Store(x, z + i);
            TLane.Store(y, z + i + lane);
        }
        for (; i < count; i += lane)
        {
            var n = Math.Min(lane, count - i);
            var x = Exponential(n == lane ? TLane.Load(z + i) : LoadFilled(z + i, n, float.NegativeInfinity), shift, times);
            a = TLane.Add(a, x);
            if (store)
                Store(x, z + i, n);
        }
        return TLane.Sum(TLane.Add(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Exponential(TVector z, TVector shift, TVector factor) =>
        VectorMath.Exp<TLane, TVector>(TLane.Multiply(TLane.Add(z, shift), factor));
}
