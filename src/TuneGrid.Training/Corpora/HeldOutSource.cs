using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TuneGrid.Training.Corpora;

/// <summary>
/// One side of a text without a validation file: the documents whose own hash lies at or below a threshold are held out. The side depends
/// on the document alone, so its duplicates are all on the same side and nothing validated was trained on.
/// </summary>
public sealed class HeldOutSource(IDocumentSource all, ulong threshold, bool heldOut) : IDocumentSource
{
    /// <summary>A share of 3 % of the documents.</summary>
    private const ulong UsualThreshold = ulong.MaxValue / 100 * 3;

    /// <summary>The documents of this side, in the order of the text.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Read() => all.Read().Where(document => HashOf(document.Span) <= threshold == heldOut);

    /// <summary>The usual share's threshold, or for a few documents the one that holds out exactly the document of smallest hash.</summary>
    /// <exception cref="CorpusException">There are no two different documents.</exception>
    public static ulong ChooseThreshold(IDocumentSource all)
    {
        var (smallest, largest) = (ulong.MaxValue, ulong.MinValue);
        foreach (var document in all.Read())
        {
            var hash = HashOf(document.Span);
            (smallest, largest) = (Math.Min(smallest, hash), Math.Max(largest, hash));
        }
        if (smallest >= largest)
            throw new CorpusException(
                "the text holds a single story: add more, separated by lines '<|endoftext|>', so that some can be held out for validation");
        return smallest <= UsualThreshold && largest > UsualThreshold ? UsualThreshold : smallest;
    }

    private static ulong HashOf(ReadOnlySpan<byte> document)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(document, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
