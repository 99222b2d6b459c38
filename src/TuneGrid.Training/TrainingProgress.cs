namespace TuneGrid.Training;

/// <param name="Amount">Spent so far, in budget units.</param>
/// <param name="TokensPerSecond">Since this trainer was created or resumed.</param>
/// <param name="Loss">Smoothed training loss, nats per token; NaN before the first step.</param>
public sealed record TrainingProgress(double Amount, double TrainingSeconds, long Tokens, long Steps, double TokensPerSecond, double Loss);

/// <summary>Why training stopped.</summary>
public enum TrainingStop { Reached, Asked, Abandoned, Diverged }

/// <param name="Tokens">Predicted tokens, the end of each document included.</param>
/// <param name="Bytes">UTF-8 bytes of the scored documents, one more per document for its end.</param>
public sealed record Evaluation(double BitsPerByte, double Perplexity, double NatsPerToken, long Tokens, long Bytes);

/// <summary>
/// A run that was refused: it does not fit in memory, or its options contradict each other or are not this engine's. The message is fit for
/// users.
/// </summary>
public sealed class TrainingRefusedException(string message) : Exception(message)
{
    /// <summary>It does not fit in this machine's memory; another one may have more.</summary>
    public bool IsForMemory { get; init; }
}
