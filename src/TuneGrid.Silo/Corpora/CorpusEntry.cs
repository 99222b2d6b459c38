using TuneGrid.Training.Corpora;

namespace TuneGrid.Silo.Corpora;

public enum CorpusOrigin { BuiltIn, Registered, Fetched, Folder }

/// <summary>A corpus this machine has.</summary>
/// <param name="TrainBytes">UTF-8 bytes of the training documents, plus one per document.</param>
public sealed record CorpusEntry(
    string Name, string Hash, CorpusOrigin Origin, long TrainBytes, long ValidBytes, long TrainDocuments, long ValidDocuments)
{
    internal static CorpusEntry Of(CorpusText text, CorpusOrigin origin) =>
        new(text.Name, text.Hash, origin, text.TrainPart.Bytes, text.ValidPart.Bytes, text.TrainPart.Documents, text.ValidPart.Documents);
}
