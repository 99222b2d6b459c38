using System.Runtime.CompilerServices;
using TuneGrid.Training.Kernels.Simd;

namespace TuneGrid.Training.Kernels.Measurement;

/// <summary>Nothing but multiply-adds, twelve independent ones, to find what a core can do at most.</summary>
internal static unsafe class FmaLoop<TLane, TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    public const int Sums = 12;

    /// <summary>Returns their sum, so that nothing can be left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Run(int turns)
    {
        var x = TLane.Create(0.5f);
        TVector a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (var turn = 0; turn < turns; turn++)
        {
            a = TLane.MultiplyAdd(a, x, x);
            b = TLane.MultiplyAdd(b, x, x);
            c = TLane.MultiplyAdd(c, x, x);
            d = TLane.MultiplyAdd(d, x, x);
            e = TLane.MultiplyAdd(e, x, x);
            f = TLane.MultiplyAdd(f, x, x);
            g = TLane.MultiplyAdd(g, x, x);
            h = TLane.MultiplyAdd(h, x, x);
            i = TLane.MultiplyAdd(i, x, x);
            j = TLane.MultiplyAdd(j, x, x);
            k = TLane.MultiplyAdd(k, x, x);
            l = TLane.MultiplyAdd(l, x, x);
        }
        var low = TLane.Add(TLane.Add(TLane.Add(a, b), TLane.Add(c, d)), TLane.Add(e, f));
        var high = TLane.Add(TLane.Add(TLane.Add(g, h), TLane.Add(i, j)), TLane.Add(k, l));
        return TLane.Sum(TLane.Add(low, high));
    }
}
