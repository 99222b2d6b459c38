using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace TuneGrid.Training.Corpora;

/// <summary>
/// Tokens on disk, little-endian: all tokens (16 bits each), all document lengths in tokens (32 bits each), then 24 bytes with the number
/// of tokens, of documents and of text bytes, then the identity of what was encoded (32 bytes), then the SHA-256 of everything before it.
/// Written in one pass, read in one go.
/// </summary>
internal static class TokenFile
{
    private const int CountsBytes = 24;
    /// <summary>As many as one span of bytes shows.</summary>
    private const int MostTokens = int.MaxValue / sizeof(ushort);

    /// <summary>What the hash in the footer is over.</summary>
    private const int DescribedBytes = CountsBytes + SHA256.HashSizeInBytes;
    private const int FooterBytes = DescribedBytes + SHA256.HashSizeInBytes;

    /// <summary>Tells the tokens of one part of one text by one tokenizer from all others.</summary>
    public static byte[] Identity(string corpusHash, string tokenizerHash, string part) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"tokens {corpusHash} {tokenizerHash} {part}"));

    public static void Write(Stream stream, IEnumerable<EncodedBatch> batches, ReadOnlySpan<byte> identity)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var lengths = new List<int>();
        var (tokens, bytes) = (0L, 0L);
        foreach (var batch in batches)
        {
            Put(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(batch.Tokens)));
            lengths.AddRange(batch.Lengths);
            tokens += batch.Tokens.Count;
            bytes += batch.Bytes;
        }
        if (tokens > MostTokens)
            throw new CorpusException("the text makes more tokens than are held at once (1 billion); register a part of it");
        Put(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(lengths)));
        Span<byte> counts = stackalloc byte[CountsBytes];
        BinaryPrimitives.WriteInt64LittleEndian(counts, tokens);
        BinaryPrimitives.WriteInt64LittleEndian(counts[8..], lengths.Count);
        BinaryPrimitives.WriteInt64LittleEndian(counts[16..], bytes);
        Put(counts);
        Put(identity);
        stream.Write(hash.GetHashAndReset());

        void Put(ReadOnlySpan<byte> content)
        {
            hash.AppendData(content);
            stream.Write(content);
        }
    }

    /// <summary>The tokens, or null where there is no file, not the file that was written, or another one's.</summary>
    public static TokenSequence? TryRead(string path, ReadOnlySpan<byte> identity)
    {
        if (!File.Exists(path))
            return null;
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        var footer = new byte[FooterBytes];
        if (length < FooterBytes || RandomAccess.Read(file, footer, length - FooterBytes) < FooterBytes)
            return null;
        if (!footer.AsSpan(CountsBytes, SHA256.HashSizeInBytes).SequenceEqual(identity))
            return null;
        var tokenCount = BinaryPrimitives.ReadInt64LittleEndian(footer);
        var documents = BinaryPrimitives.ReadInt64LittleEndian(footer.AsSpan(8));
        if (tokenCount < 0 || documents < 0 || tokenCount > MostTokens || documents > tokenCount
            || tokenCount * 2 + documents * 4 + FooterBytes != length)
            return null;
        var tokens = GC.AllocateUninitializedArray<ushort>((int)tokenCount);
        var starts = new int[documents];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (!Fill(file, MemoryMarshal.AsBytes(tokens.AsSpan()), 0, hash)
            || !Fill(file, MemoryMarshal.AsBytes(starts.AsSpan()), tokenCount * 2, hash))
            return null;
        hash.AppendData(footer.AsSpan(0, DescribedBytes));
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(footer.AsSpan(DescribedBytes)))
            return null;
        var start = 0;
        foreach (ref var entry in starts.AsSpan())
            (start, entry) = (start + entry, start);
        return new TokenSequence(tokens, starts, BinaryPrimitives.ReadInt64LittleEndian(footer.AsSpan(16)));
    }

    private static bool Fill(Microsoft.Win32.SafeHandles.SafeFileHandle file, Span<byte> content, long offset, IncrementalHash hash)
    {
        while (!content.IsEmpty)
        {
            var read = RandomAccess.Read(file, content[..Math.Min(content.Length, 1 << 20)], offset);
            if (read == 0)
                return false;
            hash.AppendData(content[..read]);
            content = content[read..];
            offset += read;
        }
        return true;
    }
}
