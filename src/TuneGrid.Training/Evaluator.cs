using TuneGrid.Training.Corpora;
using TuneGrid.Training.Model;
using TuneGrid.Training.Threading;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training;

/// <summary>
/// Scores a text: each document from its own start, every token once. Sums run in document order, whatever the threads do.
/// </summary>
internal static unsafe class Evaluator
{
    /// <param name="passes">One per thread of the pool, with room for a whole context.</param>
    public static Evaluation Score(
        TokenSequence text, long maxTokens, int context, Tokenizer tokenizer, SequencePass[] passes, float* weights, WorkerPool pool,
        CancellationToken cancellation)
    {
        var windows = ScoringWindows.Cut(text, context, maxTokens, tokenizer, out var bytes);
        var nats = new double[windows.Count];
        var next = -1;
        pool.Run(thread =>
        {
            if (thread >= passes.Length)
                return;
            var inputs = stackalloc int[context];
            var targets = stackalloc int[context];
            for (int i; (i = Interlocked.Increment(ref next)) < windows.Count;)
            {
                cancellation.ThrowIfCancellationRequested();
                nats[i] = ScoreWindow(text.Tokens, windows[i], passes[thread], weights, inputs, targets);
            }
        });
        return Sum(windows, nats, bytes);
    }

    /// <param name="nats">Summed over each window's scored tokens, in the windows' order.</param>
    public static Evaluation Sum(IReadOnlyList<ScoringWindow> windows, double[] nats, long bytes)
    {
        var tokens = windows.Sum(w => (long)w.Scored);
        var perToken = nats.Sum() / tokens;
        return new Evaluation(nats.Sum() / Math.Log(2) / bytes, Math.Exp(perToken), perToken, tokens, bytes);
    }

    private static double ScoreWindow(ushort[] tokens, ScoringWindow window, SequencePass pass, float* weights, int* inputs, int* targets)
    {
        for (var i = 0; i < window.Length; i++)
        {
            inputs[i] = window.Start + i < 0 ? Tokenizer.EndOfText : tokens[window.Start + i];
            targets[i] = tokens[window.Start + i + 1];
        }
        var losses = pass.Score(new SequenceGroup(inputs, targets, null, 1, window.Length, 0), weights);
        var sum = 0.0;
        for (var i = window.Length - window.Scored; i < window.Length; i++)
            sum += losses[i];
        return sum;
    }
}
