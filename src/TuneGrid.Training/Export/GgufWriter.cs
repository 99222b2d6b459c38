using System.Runtime.InteropServices;
using System.Text;

namespace TuneGrid.Training.Export;

/// <summary>
/// GGUF version 3 (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md): metadata, then 32-byte aligned fp32 tensors. Little-endian.
/// </summary>
internal sealed class GgufWriter
{
    private const int Alignment = 32;
    private readonly List<(string Key, ValueType Type, Action<BinaryWriter> Write)> _metadata = [];
    private readonly List<(string Name, long[] Shape, Func<float[]> Values)> _tensors = [];

    private enum ValueType { UInt32 = 4, Int32 = 5, Float32 = 6, Boolean = 7, Text = 8, Array = 9 }

    public void Add(string key, uint value) => _metadata.Add((key, ValueType.UInt32, w => w.Write(value)));

    public void Add(string key, float value) => _metadata.Add((key, ValueType.Float32, w => w.Write(value)));

    public void Add(string key, bool value) => _metadata.Add((key, ValueType.Boolean, w => w.Write(value)));

    public void Add(string key, string value) => _metadata.Add((key, ValueType.Text, w => WriteText(w, value)));

    public void Add(string key, IReadOnlyList<string> values) =>
        _metadata.Add((key, ValueType.Array, w => WriteArray(w, ValueType.Text, values, WriteText)));

    public void Add(string key, IReadOnlyList<int> values) =>
        _metadata.Add((key, ValueType.Array, w => WriteArray(w, ValueType.Int32, values, (to, x) => to.Write(x))));

    /// <summary>Adds an fp32 tensor; its values are asked for when it is written.</summary>
    /// <param name="shape">Row-major, outermost first; the file has it the other way round.</param>
    public void AddTensor(string name, Func<float[]> values, params long[] shape) => _tensors.Add((name, shape, values));

    public void Save(Stream file)
    {
        using var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)_metadata.Count);
        foreach (var (key, type, write) in _metadata)
        {
            WriteText(writer, key);
            writer.Write((uint)type);
            write(writer);
        }
        var offset = 0L;
        foreach (var (name, shape, _) in _tensors)
        {
            WriteText(writer, name);
            writer.Write((uint)shape.Length);
            foreach (var dimension in shape.Reverse())
                writer.Write((ulong)dimension);
            writer.Write(0u); // fp32
            writer.Write((ulong)offset);
            offset = Aligned(offset + (shape.Aggregate(1L, (product, d) => product * d) * sizeof(float)));
        }
        foreach (var (_, _, values) in _tensors)
        {
            Pad(writer);
            writer.Write(MemoryMarshal.AsBytes(values().AsSpan()));
        }
        Pad(writer);
    }

    private static long Aligned(long position) => (position + Alignment - 1) / Alignment * Alignment;

    private static void Pad(BinaryWriter writer)
    {
        writer.Flush();
        var position = writer.BaseStream.Position;
        writer.Write(new byte[Aligned(position) - position]);
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteArray<T>(BinaryWriter writer, ValueType type, IReadOnlyList<T> values, Action<BinaryWriter, T> write)
    {
        writer.Write((uint)type);
        writer.Write((ulong)values.Count);
        foreach (var value in values)
            write(writer, value);
    }
}
