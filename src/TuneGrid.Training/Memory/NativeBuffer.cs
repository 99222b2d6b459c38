using System.Runtime.InteropServices;

namespace TuneGrid.Training.Memory;

/// <summary>Zeroed fp32 memory outside the garbage collector's heap, aligned to a cache line. The owner disposes it.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private float* _data;

    public NativeBuffer(long count)
    {
        Count = count;
        _data = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, count * sizeof(float)), 64);
        Clear();
    }

    public float* Data => _data;

    public long Count { get; }

    public void Clear() => NativeMemory.Clear(_data, (nuint)(Count * sizeof(float)));

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
