namespace TuneGrid.Training.Corpora;

/// <summary>A corpus as text, whatever it comes from: files or the built-in storybook.</summary>
/// <param name="Hash">Content hash of both parts, as <see cref="CorpusDigest"/> makes it, lower-case hex.</param>
public sealed record CorpusText(
    string Name, string Hash, IDocumentSource Train, CorpusPart TrainPart, IDocumentSource Valid, CorpusPart ValidPart);

/// <summary>The size of one part of a corpus.</summary>
/// <param name="Bytes">UTF-8 bytes of the documents, plus one per document for its separator.</param>
public sealed record CorpusPart(long Documents, long Bytes);
