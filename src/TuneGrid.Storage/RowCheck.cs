using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TuneGrid.Storage;

/// <summary>
/// 64 bits of SHA-256 over a row's key and content, kept in the row. Neither database finds a flipped byte inside a text by itself; with
/// this a ledger can be cut or damaged, but never read back as a different one.
/// </summary>
internal static class RowCheck
{
    private const int MostDigits = 20;

    [ThreadStatic]
    private static byte[]? _buffer;

    public static long OfEvent(string study, long sequence, string json) => OfEvent(study, sequence, json, out _);

    /// <param name="utf8">The row's JSON as bytes, valid on this thread until its next call: who checks a row goes on to parse it.</param>
    public static long OfEvent(string study, long sequence, string json, out ReadOnlySpan<byte> utf8)
    {
        var buffer = Begin(study, sequence, Encoding.UTF8.GetMaxByteCount(json.Length), out var end);
        var length = Encoding.UTF8.GetBytes(json, buffer[end..]);
        utf8 = buffer.Slice(end, length);
        return Hash(buffer[..(end + length)]);
    }

    public static long OfEvent(string study, long sequence, ReadOnlySpan<byte> json)
    {
        var buffer = Begin(study, sequence, json.Length, out var end);
        json.CopyTo(buffer[end..]);
        return Hash(buffer[..(end + json.Length)]);
    }

    public static long OfStudy(string study, long lastSequence, string summary) => OfEvent(study, lastSequence, summary);

    /// <summary>A buffer that holds the row's key up to <paramref name="end"/> and has room for its content.</summary>
    private static Span<byte> Begin(string study, long sequence, int mostJson, out int end)
    {
        var most = Encoding.UTF8.GetMaxByteCount(study.Length) + MostDigits + mostJson + 2;
        if (_buffer is null || _buffer.Length < most)
            _buffer = new byte[most];
        var buffer = _buffer.AsSpan();
        end = Encoding.UTF8.GetBytes(study, buffer);
        buffer[end++] = (byte)'\n';
        sequence.TryFormat(buffer[end..], out var digits, default, CultureInfo.InvariantCulture);
        end += digits;
        buffer[end++] = (byte)'\n';
        return buffer;
    }

    private static long Hash(ReadOnlySpan<byte> row)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(row, hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }
}
