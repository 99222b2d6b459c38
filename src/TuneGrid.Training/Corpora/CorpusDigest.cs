using System.Security.Cryptography;

namespace TuneGrid.Training.Corpora;

/// <summary>
/// Hashes a corpus by its documents, not by its files: SHA-256 over each document followed by a 0xFF byte, which UTF-8 never holds, with
/// one more 0xFF between training and validation. So the same stories give the same hash however they were laid out, and scores compare
/// exactly where texts are equal.
/// </summary>
public static class CorpusDigest
{
    /// <summary>Reads the whole corpus once.</summary>
    public static CorpusText Describe(string name, IDocumentSource train, IDocumentSource valid)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var trainPart = Append(hash, train);
        hash.AppendData([0xFF]);
        var validPart = Append(hash, valid);
        return new CorpusText(name, Convert.ToHexStringLower(hash.GetHashAndReset()), train, trainPart, valid, validPart);
    }

    /// <summary>Takes one document in.</summary>
    internal static void Append(IncrementalHash hash, ReadOnlySpan<byte> document)
    {
        ReadOnlySpan<byte> separator = [0xFF];
        hash.AppendData(document);
        hash.AppendData(separator);
    }

    private static CorpusPart Append(IncrementalHash hash, IDocumentSource source)
    {
        using var part = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (documents, bytes) = (0L, 0L);
        foreach (var document in source.Read())
        {
            Append(hash, document.Span);
            Append(part, document.Span);
            documents++;
            bytes += document.Length + 1;
        }
        return new CorpusPart(documents, bytes, Convert.ToHexStringLower(part.GetHashAndReset()));
    }
}
