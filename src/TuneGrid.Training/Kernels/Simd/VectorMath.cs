using System.Runtime.CompilerServices;

namespace TuneGrid.Training.Kernels.Simd;

/// <summary>Elementary functions over registers of any width.</summary>
internal static partial class VectorMath
{
    /// <summary>
    /// e^x with a relative error below 2e-7 (Cephes' expf polynomial). Exactly 0 below -88 (so masked scores of -infinity vanish),
    /// saturates at e^88.3, NaN stays NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TLane, TVector>(TVector x)
        where TLane : struct, ILane<TVector>
        where TVector : unmanaged
    {
        const float shift = 12582912f; // 1.5 * 2^23: adding it rounds to an integer kept in the low bits
        // The constant comes first: the hardware's min and max return their second operand for NaN.
        x = TLane.Min(TLane.Create(88.3f), TLane.Max(TLane.Create(-88f), x));
        var shifted = TLane.MultiplyAdd(x, TLane.Create(1.44269504f), TLane.Create(shift));
        var n = TLane.Subtract(shifted, TLane.Create(shift));
        var r = TLane.MultiplyAdd(n, TLane.Create(-0.693359375f), x);
        r = TLane.MultiplyAdd(n, TLane.Create(2.12194440e-4f), r);
        var p = TLane.MultiplyAdd(r, TLane.Create(1.9875691500e-4f), TLane.Create(1.3981999507e-3f));
        p = TLane.MultiplyAdd(p, r, TLane.Create(8.3334519073e-3f));
        p = TLane.MultiplyAdd(p, r, TLane.Create(4.1665795894e-2f));
        p = TLane.MultiplyAdd(p, r, TLane.Create(1.6666665459e-1f));
        p = TLane.MultiplyAdd(p, r, TLane.Create(5.0000001201e-1f));
        p = TLane.MultiplyAdd(p, TLane.Multiply(r, r), TLane.Add(r, TLane.Create(1f)));
        return TLane.Multiply(p, TLane.PowerOfTwo(shifted));
    }

    /// <summary>
    /// 2^x with a relative error below 2e-7 (Cephes' exp2f polynomial), for finite or NaN x. Exactly 0 for the very negative, -1e30 too,
    /// which hides a score where -infinity would give NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp2<TLane, TVector>(TVector x)
        where TLane : struct, ILane<TVector>
        where TVector : unmanaged
    {
        var n = TLane.Round(x);
        var r = TLane.Subtract(x, n);
        var p = TLane.MultiplyAdd(r, TLane.Create(1.535336188e-4f), TLane.Create(1.339887440e-3f));
        p = TLane.MultiplyAdd(p, r, TLane.Create(9.618437358e-3f));
        p = TLane.MultiplyAdd(p, r, TLane.Create(5.550332471e-2f));
        p = TLane.MultiplyAdd(p, r, TLane.Create(2.402264791e-1f));
        p = TLane.MultiplyAdd(p, r, TLane.Create(6.931472029e-1f));
        return TLane.ScaleByPowerOfTwo(TLane.MultiplyAdd(p, r, TLane.Create(1f)), n);
    }
}
