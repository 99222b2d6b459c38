using TuneGrid.Training.Model;
using TuneGrid.Training.Randomness;

namespace TuneGrid.Training.Corpora;

/// <summary>
/// Cuts training sequences out of the token stream: pass after pass over all of the text, each pass at an offset and in an order of its
/// own. Every sequence is a pure function of the seed and its number, so no position needs saving.
/// </summary>
internal sealed unsafe class TrainingWindows(TokenSequence text, TrainingOptions options, ulong seed)
{
    private readonly long _windowsPerPass = Math.Max(1, (text.Tokens.Length - 1) / options.Context);

    /// <summary>Whether sequences come with the first position each token may attend to.</summary>
    public static bool AreCut(TrainingOptions options) => options.Packing == PackingKind.Documents || options.ContextWarmup > 0;

    /// <summary>
    /// Fills sequence number <paramref name="sequence"/>: inputs, the tokens that follow them, and, where they are cut, the first position
    /// each may attend to.
    /// </summary>
    /// <param name="segment">Attention is cut at every multiple of it.</param>
    public void Fill(long sequence, int segment, int* inputs, int* targets, int* firstVisible)
    {
        var (tokens, length) = (text.Tokens, options.Context);
        var start = Start(sequence);
        var first = 0;
        for (var i = 0; i < length; i++)
        {
            // The last window of a pass ends where its first began; a text shorter than one window is read round and round.
            inputs[i] = tokens[(int)((start + i) % tokens.Length)];
            targets[i] = tokens[(int)((start + i + 1) % tokens.Length)];
            if (firstVisible == null)
                continue;
            if (i % segment == 0 || (options.Packing == PackingKind.Documents && inputs[i] == Tokenization.Tokenizer.EndOfText))
                first = i;
            firstVisible[i] = first;
        }
    }

    private long Start(long sequence)
    {
        var (pass, place) = Math.DivRem(sequence, _windowsPerPass);
        var key = SplitMix64.Mix(seed, (ulong)pass);
        // Multiply-shift maps 64 random bits onto the range without the bias of a remainder.
        var offset = (long)Math.BigMul(SplitMix64.Mix(key, 0), (ulong)text.Tokens.Length, out _);
        return offset + (Permutation.At(place, _windowsPerPass, key) * options.Context);
    }
}
