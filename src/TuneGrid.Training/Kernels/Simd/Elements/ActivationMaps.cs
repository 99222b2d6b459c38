using System.Runtime.CompilerServices;

namespace TuneGrid.Training.Kernels.Simd.Elements;

/// <summary>Forward of x; backward of (x, d(output)); backward and forward at once.</summary>
internal readonly struct Gelu<TLane, TVector> : IMap<TVector>, IMap2<TVector>, IPairMap<TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x) => TLane.Multiply(x, VectorMath.NormalCumulative<TLane, TVector>(x, out _));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x, TVector doutput) => ApplyBoth(x, doutput).First;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (TVector First, TVector Second) ApplyBoth(TVector x, TVector doutput)
    {
        var cumulative = VectorMath.NormalCumulative<TLane, TVector>(x, out var bell);
        var density = TLane.Multiply(bell, TLane.Create(0.39894228f));
        return (TLane.Multiply(doutput, TLane.MultiplyAdd(x, density, cumulative)), TLane.Multiply(x, cumulative));
    }
}

/// <summary>Forward of x; backward of (x, d(output)); both at once. The comparison, unlike a maximum, lets not-a-number through.</summary>
internal readonly struct ReluSquare<TLane, TVector> : IMap<TVector>, IMap2<TVector>, IPairMap<TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x)
    {
        var positive = TLane.IfLess(x, TLane.Zero, TLane.Zero, x);
        return TLane.Multiply(positive, positive);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x, TVector doutput) => ApplyBoth(x, doutput).First;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (TVector First, TVector Second) ApplyBoth(TVector x, TVector doutput)
    {
        var positive = TLane.IfLess(x, TLane.Zero, TLane.Zero, x);
        return (TLane.Multiply(doutput, TLane.Add(positive, positive)), TLane.Multiply(positive, positive));
    }
}

/// <summary>Forward of (gate, up).</summary>
internal readonly struct SwiGlu<TLane, TVector> : IMap2<TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector gate, TVector up) => TLane.Multiply(TLane.Multiply(gate, VectorMath.Sigmoid<TLane, TVector>(gate)), up);
}
