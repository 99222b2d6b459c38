using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuneGrid.Training.Randomness;

namespace TuneGrid.Training.Model;

/// <summary>
/// Inverted dropout whose mask is a hash of where it is applied, so that the backward pass and a resumed run draw the same one without
/// storing it.
/// </summary>
internal static unsafe class Dropout
{
    /// <summary>Seeds the masks of one group of sequences in one step.</summary>
    public static ulong Key(ulong seed, long step, int group) => SplitMix64.Mix(SplitMix64.Mix(seed ^ 0xD20, (ulong)step), (ulong)group);

    /// <summary>Seeds one mask: that of a block's attention (0) or MLP (1).</summary>
    public static ulong Site(ulong key, int block, int site) => SplitMix64.Mix(key, ((ulong)block * 2) + (ulong)site);

    /// <summary>Zeroes a share <paramref name="rate"/> of x and scales the rest by 1 / (1 - rate).</summary>
    /// <param name="count">At most 2^32, where the masks would begin anew.</param>
    public static void Apply(float* x, long count, double rate, ulong key)
    {
        var mask = new Mask(rate, key);
        var i = 0L;
        for (; i + Vector256<float>.Count <= count; i += Vector256<float>.Count)
            mask.Apply(Vector256.Load(x + i), (uint)i).Store(x + i);
        if (i == count)
            return;
        var tail = stackalloc float[Vector256<float>.Count];
        var bytes = (count - i) * sizeof(float);
        Buffer.MemoryCopy(x + i, tail, bytes, bytes);
        mask.Apply(Vector256.Load(tail), (uint)i).Store(tail);
        Buffer.MemoryCopy(tail, x + i, bytes, bytes);
    }

    /// <summary>
    /// Every element's fate is a hash of its index: "lowbias32" by Wellons (https://nullprogram.com/blog/2018/07/31/), the key's halves
    /// before and within.
    /// </summary>
    private readonly struct Mask(double rate, ulong key)
    {
        private static readonly Vector256<uint> Offsets = Vector256.CreateSequence(0u, 1u);
        private readonly Vector256<uint> _low = Vector256.Create((uint)key), _high = Vector256.Create((uint)(key >> 32));
        private readonly Vector256<int> _threshold = Vector256.Create((int)((rate * uint.MaxValue) + int.MinValue));
        private readonly Vector256<float> _keep = Vector256.Create((float)(1 / (1 - rate)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Apply(Vector256<float> x, uint index)
        {
            var h = ((Vector256.Create(index) + Offsets) * 0x9E3779B9u) + _low;
            h = (h ^ (h >>> 16)) * 0x7FEB352Du;
            h = ((h ^ (h >>> 15)) + _high) * 0x846CA68Bu;
            h ^= h >>> 16;
            return Vector256.AndNot(x * _keep, Vector256.LessThan(h.AsInt32(), _threshold).AsSingle());
        }
    }
}
