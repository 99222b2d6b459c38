using System.Runtime.InteropServices;

namespace TuneGrid.Training.Tests.Kernels;

/// <summary>A float buffer off the heap, deliberately not 64-byte aligned, with guard values behind its end.</summary>
internal sealed unsafe class NativeArray : IDisposable
{
    private const int Guards = 32;
    private const float Guard = 12345.678f;
    private readonly void* _block;

    public NativeArray(int count)
    {
        Count = count;
        _block = NativeMemory.AlignedAlloc((nuint)((count + Guards + 1) * sizeof(float)), 64);
        Data = (float*)_block + 1;
        Span.Fill(float.NaN);
        new Span<float>(Data + count, Guards).Fill(Guard);
    }

    public int Count { get; }

    public float* Data { get; }

    public Span<float> Span => new(Data, Count);

    public static NativeArray Random(int count, int seed, float size = 1)
    {
        var array = new NativeArray(count);
        var random = new Random(seed);
        foreach (ref var x in array.Span)
            x = (float)(random.NextDouble() * 2 - 1) * size;
        return array;
    }

    public NativeArray Copy()
    {
        var copy = new NativeArray(Count);
        Span.CopyTo(copy.Span);
        return copy;
    }

    /// <summary>Each value rounded to bf16, to nearest even.</summary>
    public NativeArray RoundedToBf16()
    {
        var copy = Copy();
        foreach (ref var x in copy.Span)
        {
            var bits = BitConverter.SingleToUInt32Bits(x);
            if (!float.IsNaN(x))
                x = BitConverter.UInt32BitsToSingle((bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000);
        }
        return copy;
    }

    public void AssertGuardsIntact() => Assert.All(new Span<float>(Data + Count, Guards).ToArray(), x => Assert.Equal(Guard, x));

    public void Dispose() => NativeMemory.AlignedFree(_block);
}
