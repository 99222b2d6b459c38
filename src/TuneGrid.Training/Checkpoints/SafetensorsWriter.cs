using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using TuneGrid.Training.Files;

namespace TuneGrid.Training.Checkpoints;

/// <summary>
/// Writes one safetensors file (https://github.com/huggingface/safetensors#format), whole or not at all. The metadata carries a SHA-256
/// over header and data, so that a flipped byte anywhere is noticed when it is read.
/// </summary>
internal sealed unsafe class SafetensorsWriter
{
    /// <summary>Metadata key of the hash; while hashing, its value stands as 64 zeros.</summary>
    internal const string HashKey = "sha256";
    internal static readonly string NoHash = new('0', 64);
    private readonly List<Tensor> _tensors = [];

    private delegate void ChunkAction(ReadOnlySpan<byte> bytes);

    /// <summary>Adds an fp32 tensor; <paramref name="data"/> must stay valid until <see cref="Save"/>.</summary>
    public void Add(string name, float* data, params long[] shape) => Add(name, "F32", data, sizeof(float), shape);

    /// <summary>Adds a 64-bit integer tensor; <paramref name="data"/> must stay valid until <see cref="Save"/>.</summary>
    public void Add(string name, long* data, params long[] shape) => Add(name, "I64", data, sizeof(long), shape);

    /// <exception cref="IOException">The file can't be written: no space, no right, no folder.</exception>
    public void Save(string path, IReadOnlyDictionary<string, string> metadata)
    {
        var header = Header(metadata, NoHash);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(header);
        foreach (var tensor in _tensors)
            ForEachChunk(tensor, sha.AppendData);
        header = Header(metadata, Convert.ToHexStringLower(sha.GetHashAndReset()));

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, file =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            file.Write(length);
            file.Write(header);
            foreach (var tensor in _tensors)
                ForEachChunk(tensor, file.Write);
        });
    }

    private static void ForEachChunk(Tensor tensor, ChunkAction action)
    {
        const int Chunk = 1 << 24;
        for (var at = 0L; at < tensor.Bytes; at += Chunk)
            action(new ReadOnlySpan<byte>((byte*)tensor.Data + at, (int)Math.Min(Chunk, tensor.Bytes - at)));
    }

    private void Add(string name, string type, void* data, int elementBytes, long[] shape)
        => _tensors.Add(new(name, type, (nint)data, elementBytes * shape.Aggregate(1L, (product, d) => product * d), shape));

    private byte[] Header(IReadOnlyDictionary<string, string> metadata, string hash)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteString(HashKey, hash);
            foreach (var (key, value) in metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
            var offset = 0L;
            foreach (var tensor in _tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type);
                json.WriteStartArray("shape");
                foreach (var dimension in tensor.Shape)
                    json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // The format wants the data aligned to 8 bytes; trailing spaces are part of the header.
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private sealed record Tensor(string Name, string Type, nint Data, long Bytes, long[] Shape);
}
