using System.Runtime.InteropServices;

namespace TuneGrid.Training.Memory;

/// <summary>
/// One thread's scratch memory: a growing stack of 64-byte aligned blocks, so that kernels allocate nothing once warm. Not thread-safe.
/// Use <c>using var mark = workspace.Mark();</c> and every <see cref="Take{T}"/> since is given back at the end of the scope.
/// </summary>
internal sealed unsafe class Workspace : IDisposable
{
    private const int Alignment = 64;
    private readonly List<(nint Data, long Bytes)> _blocks = [];
    private int _block = -1;
    private long _used;

    public long AllocatedBytes => _blocks.Sum(b => b.Bytes);

    public Scope Mark() => new(this, _block, _used);

    /// <summary>Uninitialized memory for <paramref name="count"/> elements, valid until the enclosing mark is disposed.</summary>
    public T* Take<T>(long count) where T : unmanaged
    {
        var bytes = (count * sizeof(T) + Alignment - 1) / Alignment * Alignment;
        while (_block < 0 || _used + bytes > _blocks[_block].Bytes)
        {
            if (_block + 1 == _blocks.Count)
            {
                var size = Math.Max(bytes, 1L << 20);
                _blocks.Add(((nint)NativeMemory.AlignedAlloc((nuint)size, Alignment), size));
            }
            _block++;
            _used = 0;
        }
        var result = (byte*)_blocks[_block].Data + _used;
        _used += bytes;
        return (T*)result;
    }

    public void Dispose()
    {
        foreach (var (data, _) in _blocks)
            NativeMemory.AlignedFree((void*)data);
        _blocks.Clear();
        _block = -1;
    }

    public readonly ref struct Scope(Workspace owner, int block, long used)
    {
        public void Dispose() => (owner._block, owner._used) = (block, used);
    }
}
