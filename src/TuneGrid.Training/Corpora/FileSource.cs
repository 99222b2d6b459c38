namespace TuneGrid.Training.Corpora;

/// <summary>The documents of a text file that was examined before.</summary>
/// <param name="cancellation">Ends the reading between two documents.</param>
public sealed class FileSource(string path, DocumentLayout layout, CancellationToken cancellation = default) : IDocumentSource
{
    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> Read()
    {
        using var stream = TextFile.Open(path);
        foreach (var document in DocumentReader.Read(stream, layout))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return document;
        }
    }
}
