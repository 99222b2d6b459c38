using System.Runtime.CompilerServices;

namespace TuneGrid.Training.Kernels.Simd.Elements;

internal sealed unsafe partial class SimdElementKernels<TLane, TVector>
{
    /// <summary>Whole registers but for a row's last: the branch is predicted, and the tail takes the very same arithmetic.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load(float* source, int count) => count == TLane.Count ? TLane.Load(source) : TLane.LoadPart(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector value, float* target, int count)
    {
        if (count == TLane.Count)
            TLane.Store(value, target);
        else
            TLane.StorePart(value, target, count);
    }

    /// <summary>As <see cref="Load(float*, int)"/>, with <paramref name="fill"/> in the lanes past the end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVector LoadFilled(float* source, int count, float fill)
    {
        var buffer = stackalloc float[TLane.Count];
        for (var i = 0; i < TLane.Count; i++)
            buffer[i] = i < count ? source[i] : fill;
        return TLane.Load(buffer);
    }
}
