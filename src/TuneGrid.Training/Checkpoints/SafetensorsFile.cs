using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TuneGrid.Training.Files;

namespace TuneGrid.Training.Checkpoints;

/// <param name="Type">As in the file: F32, I64 ...</param>
/// <param name="Begin">First byte in the file.</param>
internal sealed record SafetensorsEntry(string Name, string Type, IReadOnlyList<long> Shape, long Begin, long Bytes)
{
    public long Count => Shape.Aggregate(1L, (product, d) => product * d);
}

/// <summary>
/// A safetensors file opened for reading. Everything in it is checked against the file's real length before anything is allocated, and the
/// hash that <see cref="SafetensorsWriter"/> left is verified, so a cut, flipped or hostile file ends in one
/// <see cref="CheckpointException"/>.
/// </summary>
internal sealed unsafe class SafetensorsFile : IDisposable
{
    private const long MaximumHeaderBytes = 32 << 20;
    private const string MetadataName = "__metadata__";
    private readonly FileStream _file;
    private readonly Dictionary<string, SafetensorsEntry> _entries = [];
    private readonly Dictionary<string, string> _metadata = [];

    private SafetensorsFile(string path, FileStream file) => (Path, _file) = (path, file);

    public string Path { get; }

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _entries;

    /// <exception cref="CheckpointException">The file is missing or damaged.</exception>
    public static SafetensorsFile Open(string path)
    {
        FileStream file;
        if (FileKinds.Of(path) == FileKind.Special)
            throw new CheckpointException(path, "a device or a pipe, not a file");
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CheckpointException(path, e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : e.Message, e);
        }
        var result = new SafetensorsFile(path, file);
        try
        {
            result.ReadHeader();
            return result;
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is JsonException or IOException or InvalidOperationException or FormatException or OverflowException
                or KeyNotFoundException or DecoderFallbackException or ArgumentException)
                throw new CheckpointException(path, $"not a safetensors file, or damaged ({e.Message.TrimEnd('.')})", e);
            throw;
        }
    }

    /// <summary>The value of a metadata key that must be there.</summary>
    public string Required(string key) =>
        _metadata.TryGetValue(key, out var value) ? value : throw new CheckpointException(Path, $"its metadata lacks '{key}'");

    /// <summary>
    /// For files of our own, before anything is allocated: it carries its hash, and holds at least as many elements as its options need.
    /// </summary>
    internal void Vouch(long elements)
    {
        Required(SafetensorsWriter.HashKey);
        if (elements > _entries.Values.Where(e => e.Type == "F32").Sum(e => e.Count))
            throw new CheckpointException(Path, "it holds fewer weights than its options need");
    }

    /// <summary>Reads a tensor of exactly this many elements.</summary>
    public void Read(string name, float* target, long count) => Read(name, "F32", (byte*)target, count, sizeof(float));

    /// <summary>Reads a tensor of exactly this many elements.</summary>
    public void Read(string name, long* target, long count) => Read(name, "I64", (byte*)target, count, sizeof(long));

    public void Dispose() => _file.Dispose();

    private void Read(string name, string type, byte* target, long count, int elementBytes)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new CheckpointException(Path, $"it has no tensor '{name}'");
        if (entry.Type != type || entry.Count != count || entry.Bytes != count * elementBytes)
            throw new CheckpointException(
                Path, $"tensor '{name}' is {entry.Type}[{string.Join(", ", entry.Shape)}] where {type} with {count} elements was expected");
        _file.Position = entry.Begin;
        for (var at = 0L; at < entry.Bytes;)
        {
            var span = new Span<byte>(target + at, (int)Math.Min(1 << 24, entry.Bytes - at));
            _file.ReadExactly(span);
            at += span.Length;
        }
    }

    private void ReadHeader()
    {
        if (_file.Length < 8)
            throw new CheckpointException(Path, "shorter than a safetensors header");
        Span<byte> prefix = stackalloc byte[8];
        _file.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length < 2 || length > Math.Min(MaximumHeaderBytes, _file.Length - 8))
            throw new CheckpointException(Path, $"its header claims {length} bytes of a file of {_file.Length}");
        var header = new byte[length];
        _file.ReadExactly(header);
        using var json = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
        foreach (var property in json.RootElement.EnumerateObject())
        {
            if (property.Name == MetadataName)
                ReadMetadata(property.Value);
            else
                _entries.Add(property.Name, Entry(property, 8 + length));
        }
        RequireSeamless(8 + length);
        if (_metadata.TryGetValue(SafetensorsWriter.HashKey, out var hash))
            Verify(header, hash);
    }

    private void ReadMetadata(JsonElement metadata)
    {
        foreach (var pair in metadata.EnumerateObject())
        {
            _metadata[pair.Name] = pair.Value.ValueKind == JsonValueKind.String
                ? pair.Value.GetString()!
                : throw new CheckpointException(
                    Path, $"its metadata '{pair.Name}' must be a text, not {pair.Value.ValueKind.ToString().ToLowerInvariant()}");
        }
    }

    /// <summary>
    /// Tensors follow one another without gap or overlap up to the file's end, as the format says: so they never need more memory than the
    /// file has bytes.
    /// </summary>
    private void RequireSeamless(long dataStart)
    {
        var end = dataStart;
        foreach (var entry in _entries.Values.OrderBy(e => e.Begin).ThenBy(e => e.Bytes))
        {
            if (entry.Begin != end)
            {
                throw new CheckpointException(
                    Path, $"tensor '{entry.Name}' {(entry.Begin < end ? "overlaps another one" : "leaves a gap before it")}");
            }
            end += entry.Bytes;
        }
        if (end != _file.Length)
            throw new CheckpointException(Path, $"{_file.Length - end} bytes after its last tensor belong to none");
    }

    private SafetensorsEntry Entry(JsonProperty property, long dataStart)
    {
        try
        {
            return ReadEntry(property, dataStart);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or OverflowException or KeyNotFoundException)
        {
            throw new CheckpointException(
                Path, $"tensor '{property.Name}' needs a known dtype, a shape and two data_offsets ({e.Message.TrimEnd('.')})", e);
        }
    }

    private SafetensorsEntry ReadEntry(JsonProperty property, long dataStart)
    {
        var value = property.Value;
        var type = value.GetProperty("dtype").GetString() ?? "";
        var shape = value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray();
        var offsets = value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64()).ToArray();
        var count = shape.Aggregate(1L, (product, d) => d < 0 ? throw new FormatException("negative dimension") : checked(product * d));
        var elementBytes = type switch
        {
            "F64" or "I64" => 8,
            "F32" or "I32" => 4,
            "F16" or "BF16" => 2,
            "U8" or "I8" or "BOOL" => 1,
            _ => throw new FormatException($"unknown type '{type}'"),
        };
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > _file.Length - dataStart
            || offsets[1] - offsets[0] != checked(count * elementBytes))
            throw new CheckpointException(Path, $"tensor '{property.Name}' lies outside the file: it was cut or damaged");
        return new(property.Name, type, shape, dataStart + offsets[0], offsets[1] - offsets[0]);
    }

    private void Verify(byte[] header, string hash)
    {
        var at = header.AsSpan().IndexOf(Encoding.ASCII.GetBytes(hash));
        if (hash.Length != 64 || at < 0)
            throw new CheckpointException(Path, "its hash is damaged");
        var unhashed = (byte[])header.Clone();
        unhashed.AsSpan(at, 64).Fill((byte)'0');
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(unhashed);
        var buffer = new byte[1 << 16];
        for (int read; (read = _file.Read(buffer)) > 0;)
            sha.AppendData(buffer, 0, read);
        if (!string.Equals(Convert.ToHexStringLower(sha.GetHashAndReset()), hash, StringComparison.Ordinal))
            throw new CheckpointException(Path, "its bytes do not match its hash: the file is damaged");
    }
}
