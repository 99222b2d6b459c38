using System.Security.Cryptography;

namespace TuneGrid.Training.Corpora;

/// <summary>
/// One part of a corpus, hashed while it is read: whoever reads it to its end has read what was added, or hears that it was changed.
/// </summary>
/// <param name="hash">What it must hash to.</param>
/// <param name="complaint">What is said otherwise.</param>
internal sealed class CheckedSource(IDocumentSource source, string hash, string complaint) : IDocumentSource
{
    public IEnumerable<ReadOnlyMemory<byte>> Read()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var document in source.Read())
        {
            CorpusDigest.Append(sha, document.Span);
            yield return document;
        }
        if (Convert.ToHexStringLower(sha.GetHashAndReset()) != hash)
            throw new CorpusException(complaint);
    }
}
