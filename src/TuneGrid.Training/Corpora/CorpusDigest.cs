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

    private static CorpusPart Append(IncrementalHash hash, IDocumentSource source)
    {
        ReadOnlySpan<byte> separator = [0xFF];
        var (documents, bytes) = (0L, 0L);
        foreach (var document in source.Read())
        {
            hash.AppendData(document.Span);
            hash.AppendData(separator);
            documents++;
            bytes += document.Length + 1;
        }
        return new CorpusPart(documents, bytes);
    }
}
