using System.Text;
using TuneGrid.Training.Corpora;

namespace TuneGrid.Training.Tests.Corpora;

internal sealed class MemorySource(IEnumerable<string> documents) : IDocumentSource
{
    private readonly ReadOnlyMemory<byte>[] _documents =
    [
        .. documents.Select(document => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(document)),
    ];

    public IEnumerable<ReadOnlyMemory<byte>> Read() => _documents;

    public static CorpusText Corpus(IEnumerable<string> train, IEnumerable<string> valid) =>
        CorpusDigest.Describe("memory", new MemorySource(train), new MemorySource(valid));
}
