using TuneGrid.Training.Model;

namespace TuneGrid.Training.Corpora;

/// <summary>Cuts training sequences out of the token stream at random offsets, each a pure function of (seed, step, place in the batch).</summary>
internal sealed unsafe class TrainingWindows(TokenSequence text, TrainingOptions options, ulong seed)
{
    /// <summary>Fills one sequence: inputs, the tokens that follow them, and, for packing by documents, the first position each may attend to.</summary>
    public void Fill(long step, int place, int* inputs, int* targets, int* firstVisible)
    {
        var (tokens, length) = (text.Tokens, options.Context);
        var room = tokens.Length - length - 1;
        var random = Gaussian.Mix(Gaussian.Mix(seed, (ulong)step), (ulong)place);
        // Multiply-shift maps 64 random bits onto the range without the bias of a remainder.
        var start = room > 0 ? (int)Math.BigMul(random, (ulong)room + 1, out _) : 0;
        var first = 0;
        for (var i = 0; i < length; i++)
        {
            // A text shorter than one window is read round and round.
            inputs[i] = tokens[(start + i) % tokens.Length];
            targets[i] = tokens[(start + i + 1) % tokens.Length];
            if (firstVisible == null)
                continue;
            if (inputs[i] == Tokenization.Tokenizer.EndOfText)
                first = i;
            firstVisible[i] = first;
        }
    }
}
