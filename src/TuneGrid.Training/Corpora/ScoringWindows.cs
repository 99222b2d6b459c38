using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Corpora;

/// <summary>
/// One stretch of a document to score: <paramref name="Length"/> inputs of which the last <paramref name="Scored"/> count.
/// </summary>
/// <param name="Start">Index of the first input in the token stream; -1 stands for the end-of-text before the very first document.</param>
internal readonly record struct ScoringWindow(int Start, int Length, int Scored);

/// <summary>
/// Cuts a text for scoring: every token of every document, its end included, is predicted exactly once, from the start of its own document
/// or, in one longer than the context, from at least half a context before it.
/// </summary>
internal static class ScoringWindows
{
    /// <param name="maxTokens">At most about so many tokens, whole documents taken at an even stride; 0 takes all.</param>
    /// <param name="bytes">UTF-8 bytes of the chosen documents, one more per document for its separator.</param>
    public static List<ScoringWindow> Cut(TokenSequence text, int context, long maxTokens, Tokenizer tokenizer, out long bytes)
    {
        var stride = maxTokens <= 0 ? 1 : (int)Math.Max(1, (text.Tokens.Length + maxTokens - 1) / maxTokens);
        var windows = new List<ScoringWindow>();
        bytes = 0;
        for (var document = 0; document < text.DocumentStarts.Length; document += stride)
        {
            var start = text.DocumentStarts[document];
            var end = document + 1 < text.DocumentStarts.Length ? text.DocumentStarts[document + 1] : text.Tokens.Length;
            for (var i = start; i < end; i++)
                bytes += text.Tokens[i] == Tokenizer.EndOfText ? 1 : tokenizer.BytesOf(text.Tokens[i]).Length;
            // Inputs start one token early, at the end-of-text before the document; targets are start .. end.
            var scored = start;
            for (var first = start - 1; scored < end; first += context / 2)
            {
                var length = Math.Min(context, end - 1 - first);
                var last = first + length;
                windows.Add(new(first, length, last + 1 - scored));
                scored = last + 1;
                if (context < 2)
                    break;
            }
        }
        return windows;
    }
}
