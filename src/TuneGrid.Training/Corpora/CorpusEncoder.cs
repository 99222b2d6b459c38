using System.Globalization;
using System.Text;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Corpora;

/// <summary>
/// Text to tokens, outside the training clock. Tokenizers and tokens are kept in a folder under names made of content hashes, so a file
/// there is either what was asked for or damaged, and a damaged one is made again. Processes may build the same file at once: the last
/// rename wins with the same bytes.
/// </summary>
public static class CorpusEncoder
{
    /// <summary>Goes into every name; it grows when the tokenizer or the file format changes what it would make of the same text.</summary>
    private const string Version = "v1";

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
            var tokenizer = LearnedTokenizer(corpus, vocabulary, cacheFolder, progress);
            var train = Tokens(corpus, corpus.Train, "train", tokenizer, cacheFolder, progress);
            var valid = Tokens(corpus, corpus.Valid, "valid", tokenizer, cacheFolder, progress);
            return new EncodedCorpus(corpus.Name, corpus.Hash, tokenizer, train, valid);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"cannot keep the encoded corpus in '{cacheFolder}': {e.Message}", e);
        }
    }

    private static Tokenizer LearnedTokenizer(CorpusText corpus, int vocabulary, string folder, Action<string>? progress)
    {
        var path = Path.Combine(
            folder, string.Create(CultureInfo.InvariantCulture, $"{corpus.Hash[..24]}-{vocabulary}-{Version}.tokenizer.json"));
        if (TryReadTokenizer(path, vocabulary) is { } kept)
            return kept;
        progress?.Invoke(string.Create(CultureInfo.InvariantCulture, $"learning a tokenizer of {vocabulary} tokens from {corpus.Name}"));
        var stride = (corpus.TrainPart.Bytes + LearnedBytes - 1) / LearnedBytes;
        var tokenizer = Tokenizer.Train(corpus.Train.Read().Where((_, i) => i % stride == 0), vocabulary);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(tokenizer.ToJson())));
        return tokenizer;
    }

    private static Tokenizer? TryReadTokenizer(string path, int vocabulary)
    {
        try
        {
            var tokenizer = File.Exists(path) ? Tokenizer.FromJson(File.ReadAllText(path)) : null;
            return tokenizer?.VocabularySize == vocabulary ? tokenizer : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static TokenSequence Tokens(
        CorpusText corpus, IDocumentSource source, string part, Tokenizer tokenizer, string folder, Action<string>? progress)
    {
        var path = Path.Combine(folder, $"{corpus.Hash[..24]}-{tokenizer.Hash[..24]}-{part}-{Version}.tokens");
        if (TokenFile.TryRead(path) is { } kept)
            return kept;
        progress?.Invoke($"encoding {corpus.Name} ({part})");
        AtomicFile.Write(path, stream => TokenFile.Write(stream, ParallelEncoder.Encode(source, tokenizer)));
        return TokenFile.TryRead(path) ?? throw new CorpusException($"'{path}' cannot be read back: is the disk sound?");
    }
}
