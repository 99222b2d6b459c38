using System.Runtime.CompilerServices;

namespace TuneGrid.Training.Kernels.Simd.Elements;

/// <summary>x * factor.</summary>
internal readonly struct Scaled<TLane, TVector>(float factor) : IMap<TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    private readonly TVector _factor = TLane.Create(factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x) => TLane.Multiply(x, _factor);
}

/// <summary>x * factor * y.</summary>
internal readonly struct ScaledProduct<TLane, TVector>(float factor) : IMap2<TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    private readonly TVector _factor = TLane.Create(factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x, TVector y) => TLane.Multiply(TLane.Multiply(x, _factor), y);
}

/// <summary>y + x * factor.</summary>
internal readonly struct AddedScaled<TLane, TVector>(float factor) : IMap2<TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    private readonly TVector _factor = TLane.Create(factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x, TVector y) => TLane.MultiplyAdd(x, _factor, y);
}

/// <summary>y + (x - y) * weight.</summary>
internal readonly struct Interpolated<TLane, TVector>(float weight) : IMap2<TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    private readonly TVector _weight = TLane.Create(weight);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x, TVector y) => TLane.MultiplyAdd(TLane.Subtract(x, y), _weight, y);
}

/// <summary>x * y, or x * y + z.</summary>
internal readonly struct Product<TLane, TVector> : IMap2<TVector>, IMap3<TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x, TVector y) => TLane.Multiply(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x, TVector y, TVector z) => TLane.MultiplyAdd(x, y, z);
}

/// <summary>x, whatever y: for plain sums.</summary>
internal readonly struct Left<TVector> : IMap2<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x, TVector y) => x;
}

/// <summary>(x - center)², whatever y.</summary>
internal readonly struct CenteredSquare<TLane, TVector>(float center) : IMap2<TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    private readonly TVector _center = TLane.Create(center);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x, TVector y)
    {
        var centered = TLane.Subtract(x, _center);
        return TLane.Multiply(centered, centered);
    }
}
