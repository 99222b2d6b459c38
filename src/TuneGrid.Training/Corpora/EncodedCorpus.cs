using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Corpora;

/// <summary>A run of documents as token ids: each document's tokens, then <see cref="Tokenizer.EndOfText"/>.</summary>
/// <param name="DocumentStarts">Index of each document's first token, ascending.</param>
/// <param name="Bytes">UTF-8 bytes of the documents, plus one per document for its separator.</param>
public sealed record TokenSequence(ushort[] Tokens, int[] DocumentStarts, long Bytes);

/// <summary>A corpus ready to train on.</summary>
/// <param name="Hash">SHA-256 over the training and validation text, lower-case hex.</param>
public sealed record EncodedCorpus(string Name, string Hash, Tokenizer Tokenizer, TokenSequence Train, TokenSequence Valid);
