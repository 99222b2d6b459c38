using System.Globalization;
using TuneGrid.Training.Files;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Corpora;

/// <summary>
/// Text to tokens, outside the training clock. Tokenizers and tokens are kept in a folder under names made of content hashes, which also
/// stand in the files: what was damaged, or is another's under this name, is made again. Only text that matches its hash gets there.
/// Processes may build the same file at once: the last rename wins with the same bytes.
/// </summary>
public static class CorpusEncoder
{
    /// <summary>Goes into every name; it grows when the tokenizer or the file format changes what it would make of the same text.</summary>
    private const string Version = "v2";

    /// <summary>A tokenizer learns from evenly chosen documents of about this many bytes.</summary>
    private const long LearnedBytes = 64L << 20;

    /// <summary>
    /// The corpus as tokens of a vocabulary of that size: read from the folder if it is there, else made and kept there, which takes
    /// seconds to minutes.
    /// </summary>
    /// <param name="vocabulary">Tokens, 257..65,536.</param>
    /// <param name="cacheFolder">Made if it is not there; any number of processes may share it.</param>
    /// <param name="progress">Told what takes long, in one line each.</param>
    /// <exception cref="CorpusException">The text is gone or the folder cannot be written.</exception>
    public static EncodedCorpus Encode(CorpusText corpus, int vocabulary, string cacheFolder, Action<string>? progress = null)
    {
        try
        {
            Directory.CreateDirectory(cacheFolder);
            var text = new CheckedText(corpus);
            text.VerifyQuickly();
            var tokenizer = LearnedTokenizer(corpus, text, vocabulary, cacheFolder, progress);
            var train = Tokens(corpus, () => text.Train, "train", tokenizer, cacheFolder, progress);
            var valid = Tokens(corpus, () => text.Valid, "valid", tokenizer, cacheFolder, progress);
            return new EncodedCorpus(corpus.Name, corpus.Hash, tokenizer, train, valid);
        }
        catch (AggregateException e) when (e.GetBaseException() is CorpusException fault)
        {
            // It was read on several threads.
            throw new CorpusException(fault.Message, fault.InnerException);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"cannot keep the encoded corpus in '{cacheFolder}': {e.Message}", e);
        }
    }

    private static Tokenizer LearnedTokenizer(
        CorpusText corpus, CheckedText text, int vocabulary, string folder, Action<string>? progress)
    {
        var path = Path.Combine(
            folder, string.Create(CultureInfo.InvariantCulture, $"{corpus.Hash[..24]}-{vocabulary}-{Version}.tokenizer.json"));
        if (TokenizerFile.TryRead(path, corpus.Hash, vocabulary) is { } kept)
            return kept;
        progress?.Invoke(string.Create(CultureInfo.InvariantCulture, $"learning a tokenizer of {vocabulary} tokens from {corpus.Name}"));
        var stride = (corpus.TrainPart.Bytes + LearnedBytes - 1) / LearnedBytes;
        var tokenizer = Tokenizer.Train(text.Train.Read().Where((_, i) => i % stride == 0), vocabulary);
        Keep(path, stream => TokenizerFile.Write(stream, corpus.Hash, tokenizer));
        return tokenizer;
    }

    private static TokenSequence Tokens(
        CorpusText corpus, Func<IDocumentSource> source, string part, Tokenizer tokenizer, string folder, Action<string>? progress)
    {
        var path = Path.Combine(folder, $"{corpus.Hash[..24]}-{tokenizer.Hash[..24]}-{part}-{Version}.tokens");
        var identity = TokenFile.Identity(corpus.Hash, tokenizer.Hash, part);
        if (TokenFile.TryRead(path, identity) is { } kept)
            return kept;
        progress?.Invoke($"encoding {corpus.Name} ({part})");
        Keep(path, stream => TokenFile.Write(stream, ParallelEncoder.Encode(source(), tokenizer), identity));
        return TokenFile.TryRead(path, identity) ?? throw new CorpusException($"'{path}' cannot be read back: is the disk sound?");
    }

    private static void Keep(string path, Action<Stream> write)
    {
        AtomicFile.Write(path, write);
        // What an older release made of this text may have been made of a damaged one: nobody reads it any more.
        File.Delete(path.Replace($"-{Version}.", "-v1.", StringComparison.Ordinal));
    }
}
