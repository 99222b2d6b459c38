using System.Buffers.Binary;

namespace TuneGrid.Training.Tokenization;

/// <summary>
/// A set of byte strings, numbered in the order they came: a hash table over one arena, so that a million words are three arrays. Not
/// thread-safe.
/// </summary>
internal sealed class WordTable
{
    private int[] _slots = new int[1024]; // word number + 1, 0 where empty
    private (uint Hash, int Start)[] _words = new (uint, int)[512]; // one more than Count: the next word's start ends the last
    private byte[] _bytes = new byte[8192];

    public int Count { get; private set; }

    /// <summary>The word's number; new words get the next one.</summary>
    public int FindOrAdd(ReadOnlySpan<byte> word, out bool added)
    {
        var hash = HashOf(word);
        var slot = (int)(hash & (uint)(_slots.Length - 1));
        while (_slots[slot] != 0)
        {
            var index = _slots[slot] - 1;
            if (_words[index].Hash == hash && this[index].SequenceEqual(word))
            {
                added = false;
                return index;
            }
            slot = (slot + 1) & (_slots.Length - 1);
        }
        added = true;
        _slots[slot] = Count + 1;
        return Add(word, hash);
    }

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_words[index].Start, _words[index + 1].Start - _words[index].Start);

    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
    }

    private int Add(ReadOnlySpan<byte> word, uint hash)
    {
        var start = _words[Count].Start;
        while (start + word.Length > _bytes.Length)
            Array.Resize(ref _bytes, checked(_bytes.Length * 2));
        if (Count + 2 > _words.Length)
            Array.Resize(ref _words, _words.Length * 2);
        word.CopyTo(_bytes.AsSpan(start));
        _words[Count] = (hash, start);
        _words[Count + 1].Start = start + word.Length;
        if (++Count * 2 > _slots.Length)
            Grow();
        return Count - 1;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (var index = 0; index < Count; index++)
        {
            var slot = (int)(_words[index].Hash & (uint)(_slots.Length - 1));
            while (_slots[slot] != 0)
                slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = index + 1;
        }
    }

    private static uint HashOf(ReadOnlySpan<byte> word)
    {
        const ulong Multiplier = 0x9E3779B97F4A7C15;
        var hash = (ulong)word.Length;
        for (; word.Length >= 8; word = word[8..])
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(word));
        ulong tail = 0;
        foreach (var b in word)
            tail = tail << 8 | b;
        return (uint)(Mix(hash ^ tail) >> 32);

        static ulong Mix(ulong x)
        {
            x *= Multiplier;
            return (x ^ x >> 29) * Multiplier;
        }
    }
}
