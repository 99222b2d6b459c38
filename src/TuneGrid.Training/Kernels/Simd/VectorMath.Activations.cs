using System.Runtime.CompilerServices;

namespace TuneGrid.Training.Kernels.Simd;

internal static partial class VectorMath
{
    /// <summary>
    /// tanh x with a relative error below 5e-7: a rational minimax in x² up to 9.02, beyond which fp32 rounds tanh to 1. NaN stays NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TLane, TVector>(TVector x)
        where TLane : struct, ILane<TVector>
        where TVector : unmanaged
    {
        x = TLane.Min(TLane.Create(9.02f), TLane.Max(TLane.Create(-9.02f), x));
        var z = TLane.Multiply(x, x);
        var p = TLane.MultiplyAdd(z, TLane.Create(1.340059012e-8f), TLane.Create(2.064281361e-5f));
        p = TLane.MultiplyAdd(p, z, TLane.Create(3.497666459e-3f));
        p = TLane.MultiplyAdd(p, z, TLane.Create(1.338278603e-1f));
        p = TLane.MultiplyAdd(p, z, TLane.Create(0.9999999813f));
        var q = TLane.MultiplyAdd(z, TLane.Create(7.795523289e-7f), TLane.Create(3.289013064e-4f));
        q = TLane.MultiplyAdd(q, z, TLane.Create(2.588492077e-2f));
        q = TLane.MultiplyAdd(q, z, TLane.Create(4.671610265e-1f));
        q = TLane.MultiplyAdd(q, z, TLane.Create(1f));
        return TLane.Divide(TLane.Multiply(x, p), q);
    }

    /// <summary>1 / (1 + e^-x) with a relative error below 5e-7; 0 below -88.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid<TLane, TVector>(TVector x)
        where TLane : struct, ILane<TVector>
        where TVector : unmanaged
    {
        var one = TLane.Create(1f);
        var sigmoid = TLane.Divide(one, TLane.Add(one, Exp<TLane, TVector>(TLane.Subtract(TLane.Zero, x))));
        return TLane.IfLess(x, TLane.Create(-88f), TLane.Zero, sigmoid);
    }

    /// <summary>
    /// The normal distribution function (1 + erf(x/sqrt 2)) / 2 with an absolute error below 5e-7, and <paramref name="bell"/> =
    /// e^(-x²/2), which it takes anyway. The lower tail is bell * t * P(t), t = 1 / (1 + |x| / sqrt 8), P a minimax of degree 6: the form
    /// of Abramowitz and Stegun 7.1.26, so that it keeps relative precision.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector NormalCumulative<TLane, TVector>(TVector x, out TVector bell)
        where TLane : struct, ILane<TVector>
        where TVector : unmanaged
    {
        var one = TLane.Create(1f);
        bell = Exp<TLane, TVector>(TLane.Multiply(TLane.Multiply(x, TLane.Create(-0.5f)), x));
        var t = TLane.Divide(one, TLane.MultiplyAdd(TLane.Abs(x), TLane.Create(0.35355339f), one));
        var p = TLane.MultiplyAdd(t, TLane.Create(0.04767474507f), TLane.Create(-0.1911218508f));
        p = TLane.MultiplyAdd(p, t, TLane.Create(0.2128110174f));
        p = TLane.MultiplyAdd(p, t, TLane.Create(0.005716835343f));
        p = TLane.MultiplyAdd(p, t, TLane.Create(0.1458942735f));
        p = TLane.MultiplyAdd(p, t, TLane.Create(0.1377814437f));
        p = TLane.MultiplyAdd(p, t, TLane.Create(0.141243714f));
        var tail = TLane.Multiply(TLane.Multiply(bell, t), p);
        return TLane.IfLess(x, TLane.Zero, tail, TLane.Subtract(one, tail));
    }
}
