using System.Runtime.CompilerServices;

namespace TuneGrid.Training.Kernels.Simd.Elements;

/// <summary>tanh(z * factor).</summary>
internal readonly struct ScaledTanh<TLane, TVector>(float factor) : IMap<TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    private readonly TVector _factor = TLane.Create(factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector z) => VectorMath.Tanh<TLane, TVector>(TLane.Multiply(z, _factor));
}

/// <summary>
/// e^((t - largest) * softCap) * (1 - t²) * factor: the softmax part of the gradient through the cap, from t = tanh(z / softCap).
/// </summary>
internal readonly struct CappedGradient<TLane, TVector>(float largest, float softCap, float factor) : IMap<TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    private readonly TVector _shift = TLane.Create(-largest);
    private readonly TVector _softCap = TLane.Create(softCap);
    private readonly TVector _factor = TLane.Create(factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector t)
    {
        var exponential = VectorMath.Exp<TLane, TVector>(TLane.Multiply(TLane.Add(t, _shift), _softCap));
        var slope = TLane.Multiply(TLane.Subtract(TLane.Create(1f), TLane.Multiply(t, t)), _factor);
        return TLane.Multiply(exponential, slope);
    }
}
