using System.Runtime.CompilerServices;

namespace TuneGrid.Training.Kernels.Simd.Elements;

internal interface IMap<TVector> { TVector Apply(TVector x); }

internal interface IMap2<TVector> { TVector Apply(TVector x, TVector y); }

/// <summary>Two results from two inputs that share most of their arithmetic.</summary>
internal interface IPairMap<TVector> { (TVector First, TVector Second) ApplyBoth(TVector x, TVector y); }

internal interface IMap3<TVector> { TVector Apply(TVector x, TVector y, TVector z); }

/// <summary>
/// The loops of the elementwise kernels: whole registers, then one masked tail through the same arithmetic. Always inlined, so that the
/// operation's constants stay in registers.
/// </summary>
internal static unsafe class Sweep<TLane, TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TMap>(TMap map, float* x, float* output, long count) where TMap : struct, IMap<TVector>
    {
        long i = 0;
        for (; i <= count - TLane.Count; i += TLane.Count)
            TLane.Store(map.Apply(TLane.Load(x + i)), output + i);
        if (i < count)
        {
            var tail = (int)(count - i);
            TLane.StorePart(map.Apply(TLane.LoadPart(x + i, tail)), output + i, tail);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TMap>(TMap map, float* x, float* y, float* output, long count) where TMap : struct, IMap2<TVector>
    {
        long i = 0;
        for (; i <= count - TLane.Count; i += TLane.Count)
            TLane.Store(map.Apply(TLane.Load(x + i), TLane.Load(y + i)), output + i);
        if (i < count)
        {
            var tail = (int)(count - i);
            TLane.StorePart(map.Apply(TLane.LoadPart(x + i, tail), TLane.LoadPart(y + i, tail)), output + i, tail);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RunBoth<TMap>(TMap map, float* x, float* y, float* first, float* second, long count)
        where TMap : struct, IPairMap<TVector>
    {
        long i = 0;
        for (; i <= count - TLane.Count; i += TLane.Count)
        {
            var (a, b) = map.ApplyBoth(TLane.Load(x + i), TLane.Load(y + i));
            TLane.Store(a, first + i);
            TLane.Store(b, second + i);
        }
        if (i < count)
        {
            var tail = (int)(count - i);
            var (a, b) = map.ApplyBoth(TLane.LoadPart(x + i, tail), TLane.LoadPart(y + i, tail));
            TLane.StorePart(a, first + i, tail);
            TLane.StorePart(b, second + i, tail);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TMap>(TMap map, float* x, float* y, float* z, float* output, long count) where TMap : struct, IMap3<TVector>
    {
        long i = 0;
        for (; i <= count - TLane.Count; i += TLane.Count)
            TLane.Store(map.Apply(TLane.Load(x + i), TLane.Load(y + i), TLane.Load(z + i)), output + i);
        if (i < count)
        {
            var tail = (int)(count - i);
            TLane.StorePart(
                map.Apply(TLane.LoadPart(x + i, tail), TLane.LoadPart(y + i, tail), TLane.LoadPart(z + i, tail)), output + i, tail);
        }
    }

    /// <summary>Sum of map(x, y), where map(0, 0) is 0; four accumulators combined in a fixed order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum<TMap>(TMap map, float* x, float* y, int count) where TMap : struct, IMap2<TVector>
    {
        TVector a = TLane.Zero, b = a, c = a, d = a;
        int i = 0, lane = TLane.Count;
        for (; i <= count - 4 * lane; i += 4 * lane)
        {
            a = TLane.Add(a, map.Apply(TLane.Load(x + i), TLane.Load(y + i)));
            b = TLane.Add(b, map.Apply(TLane.Load(x + i + lane), TLane.Load(y + i + lane)));
            c = TLane.Add(c, map.Apply(TLane.Load(x + i + 2 * lane), TLane.Load(y + i + 2 * lane)));
            d = TLane.Add(d, map.Apply(TLane.Load(x + i + 3 * lane), TLane.Load(y + i + 3 * lane)));
        }
        for (; i <= count - lane; i += lane)
            a = TLane.Add(a, map.Apply(TLane.Load(x + i), TLane.Load(y + i)));
        if (i < count)
            b = TLane.Add(b, map.Apply(TLane.LoadPart(x + i, count - i), TLane.LoadPart(y + i, count - i)));
        return TLane.Sum(TLane.Add(TLane.Add(a, b), TLane.Add(c, d)));
    }
}
