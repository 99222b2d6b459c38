using TuneGrid.Coordination;
using TuneGrid.Silo.Corpora;
using TuneGrid.Training.Corpora;

namespace TuneGrid.Silo.Segments;

/// <summary>
/// Encoded corpora, ready to train on: trained tokenizers and tokens come from the disk cache or are made once, outside anybody's clock,
/// and the few used last stay in memory. Thread-safe; two who ask for the same one wait for the same work.
/// </summary>
public sealed class CorpusCache(CorpusLibrary library, TuneGridHome home, Action<string>? report = null)
{
    private const int Kept = 3;
    private readonly Lock _gate = new();
    private readonly LinkedList<(string Hash, int Vocabulary, EncodedCorpus Corpus)> _recent = [];

    /// <summary>Returns null if this machine has the text, else for people what it lacks and how to mend it.</summary>
    public string? WhyNot(CorpusReference corpus)
    {
        var wanted = $"needs the corpus '{corpus.Name}' ({corpus.Hash[..Math.Min(8, corpus.Hash.Length)]})";
        try
        {
            if (library.ByReference(corpus.Name, corpus.Hash) is not null)
                return null;
            return library.List().FirstOrDefault(e => e.Name == corpus.Name) is { } other
                ? $"{wanted}, and this machine has another text of that name ({other.Hash[..8]}): tunegrid corpus add, under another name"
                : $"{wanted}, which this machine lacks: tunegrid corpus add";
        }
        catch (Exception e) when (e is CorpusException or IOException or UnauthorizedAccessException)
        {
            return $"{wanted}, which can't be read on this machine: {e.Message}";
        }
    }

    /// <param name="trace">W3C traceparent to hang the work under, or null.</param>
    /// <exception cref="CorpusException">This machine does not have it.</exception>
    public EncodedCorpus Encoded(CorpusReference corpus, int vocabulary, string? trace) =>
        library.ByReference(corpus.Name, corpus.Hash) is { } text
        ? Encoded(text, vocabulary, trace)
        : throw new CorpusException($"the corpus '{corpus.Name}' ({corpus.Hash[..8]}) is not on this machine");

    public EncodedCorpus Encoded(CorpusText corpus, int vocabulary, string? trace = null)
    {
        lock (_gate)
        {
            for (var node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Hash != corpus.Hash || node.Value.Vocabulary != vocabulary)
                    continue;
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Corpus;
            }
            using var span = MachineSpans.Start("tunegrid.corpus.encode", trace);
            span?.SetTag("tunegrid.corpus", corpus.Name).SetTag("tunegrid.vocabulary", vocabulary);
            var encoded = CorpusEncoder.Encode(corpus, vocabulary, home.CacheFolder, report);
            _recent.AddFirst((corpus.Hash, vocabulary, encoded));
            if (_recent.Count > Kept)
                _recent.RemoveLast();
            return encoded;
        }
    }
}
