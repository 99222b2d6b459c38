namespace TuneGrid.Training.Corpora;

/// <summary>A corpus as text, whatever it comes from: files or the built-in storybook.</summary>
/// <param name="Hash">Content hash of both parts, as <see cref="CorpusDigest"/> makes it, lower-case hex.</param>
public sealed record CorpusText(
    string Name, string Hash, IDocumentSource Train, CorpusPart TrainPart, IDocumentSource Valid, CorpusPart ValidPart)
{
    /// <summary>The text is part of the program: it can't be damaged.</summary>
    public bool IsBuiltIn { get; init; }

    /// <summary>What to do if the text is not what its hash says: one clause, fit for users.</summary>
    public string Mend { get; init; } = "add the corpus again";
}

/// <summary>The size of one part of a corpus.</summary>
/// <param name="Bytes">UTF-8 bytes of the documents, plus one per document for its separator.</param>
/// <param name="Hash">SHA-256 over each document followed by 0xFF, lower-case hex; null where an older release described it.</param>
public sealed record CorpusPart(long Documents, long Bytes, string? Hash = null);
