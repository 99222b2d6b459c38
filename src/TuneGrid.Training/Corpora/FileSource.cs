namespace TuneGrid.Training.Corpora;

/// <summary>The documents of a text file that was examined before.</summary>
public sealed class FileSource(string path, DocumentLayout layout) : IDocumentSource
{
    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> Read()
    {
        using var stream = TextFile.Open(path);
        foreach (var document in DocumentReader.Read(stream, layout))
            yield return document;
    }
}
