namespace TuneGrid.Training.Corpora;

/// <summary>A corpus whose text is held to its hash whenever it is read. Not thread-safe.</summary>
public sealed class CheckedText(CorpusText corpus)
{
    /// <summary>Half a second of reading and hashing.</summary>
    private const long QuicklyReadBytes = 64L << 20;

    private CorpusText? _described;

    /// <summary>The text to learn from.</summary>
    internal IDocumentSource Train => Part(corpus.Train, Described.TrainPart, "training");

    /// <summary>The text to score with.</summary>
    internal IDocumentSource Valid => Part(corpus.Valid, Described.ValidPart, "validation");

    private CorpusText Described => _described ??= corpus is { TrainPart.Hash: not null, ValidPart.Hash: not null } ? corpus : Describe();

    /// <summary>Reads the text if that is done in a moment; else it is checked where it has to be read anyway.</summary>
    /// <exception cref="CorpusException">It is not the text that was added; the message says how to mend it.</exception>
    public void VerifyQuickly()
    {
        if (corpus.IsBuiltIn || corpus.TrainPart.Bytes + corpus.ValidPart.Bytes > QuicklyReadBytes)
            return;
        foreach (var part in new[] { Train, Valid })
        {
            foreach (var _ in part.Read())
            {
                // The check is at its end.
            }
        }
    }

    private CheckedSource Part(IDocumentSource source, CorpusPart part, string role) => new(source, part.Hash!, Complaint(role));

    /// <summary>An older release recorded the hash of both parts together.</summary>
    private CorpusText Describe()
    {
        var described = CorpusDigest.Describe(corpus.Name, corpus.Train, corpus.Valid);
        return described.Hash == corpus.Hash ? described : throw new CorpusException(Complaint("training or validation"));
    }

    private string Complaint(string role) =>
        $"the {role} text of corpus '{corpus.Name}' was changed or damaged: it does not match its hash {corpus.Hash[..8]}; {corpus.Mend}";
}
