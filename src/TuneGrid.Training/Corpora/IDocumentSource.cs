namespace TuneGrid.Training.Corpora;

/// <summary>
/// An ordered run of documents that may be larger than memory. The same source gives the same documents every time; any thread may read it.
/// </summary>
public interface IDocumentSource
{
    /// <summary>
    /// Each document's UTF-8 bytes, neither empty nor framed by white space; the memory stays valid as long as it is referenced.
    /// </summary>
    /// <exception cref="CorpusException">The text is not there any more or is not valid.</exception>
    IEnumerable<ReadOnlyMemory<byte>> Read();
}
