using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Corpora;

/// <summary>Tokens of some documents in a row: each document's, then <see cref="Tokenizer.EndOfText"/>.</summary>
internal sealed record EncodedBatch(List<ushort> Tokens, List<int> Lengths, long Bytes);

/// <summary>Encodes batches of documents on all cores and hands them on in the order of the text, whatever the threads' timing.</summary>
internal static class ParallelEncoder
{
    private const int BatchBytes = 1 << 20;

    public static IEnumerable<EncodedBatch> Encode(IDocumentSource source, Tokenizer tokenizer)
    {
        var encoders = new ThreadLocal<DocumentEncoder>(() => new DocumentEncoder(tokenizer));
        return Batches(source.Read())
            .AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(batch => Encode(batch, encoders.Value!));
    }

    private static IEnumerable<List<ReadOnlyMemory<byte>>> Batches(IEnumerable<ReadOnlyMemory<byte>> documents)
    {
        var batch = new List<ReadOnlyMemory<byte>>();
        var bytes = 0;
        foreach (var document in documents)
        {
            batch.Add(document);
            bytes += document.Length;
            if (bytes < BatchBytes)
                continue;
            yield return batch;
            (batch, bytes) = ([], 0);
        }
        if (batch.Count > 0)
            yield return batch;
    }

    private static EncodedBatch Encode(List<ReadOnlyMemory<byte>> documents, DocumentEncoder encoder)
    {
        var tokens = new List<ushort>(BatchBytes / 3);
        var lengths = new List<int>(documents.Count);
        var bytes = 0L;
        foreach (var document in documents)
        {
            var start = tokens.Count;
            encoder.Encode(document.Span, tokens);
            tokens.Add(Tokenizer.EndOfText);
            lengths.Add(tokens.Count - start);
            bytes += document.Length + 1;
        }
        return new EncodedBatch(tokens, lengths, bytes);
    }
}
