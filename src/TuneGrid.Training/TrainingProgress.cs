namespace TuneGrid.Training;

/// <summary>How far a run is.</summary>
/// <param name="Amount">Spent so far, in budget units.</param>
/// <param name="TokensPerSecond">Since this trainer was created or resumed.</param>
/// <param name="Loss">Smoothed training loss, nats per token; NaN before the first step.</param>
public sealed record TrainingProgress(double Amount, double TrainingSeconds, long Tokens, long Steps, double TokensPerSecond, double Loss);

/// <summary>Why training stopped.</summary>
public enum TrainingStop
{
    /// <summary>The amount is spent.</summary>
    Reached,

    /// <summary>It was asked to stop; the run can go on later.</summary>
    Asked,

    /// <summary>It was told that nothing will be kept.</summary>
    Abandoned,

    /// <summary>The loss is not a number, or far worse than knowing nothing.</summary>
    Diverged,
}

/// <summary>How well a model predicts a text.</summary>
/// <param name="BitsPerByte">The score: nats / ln 2 / bytes, comparable over vocabularies.</param>
/// <param name="Perplexity">e^<paramref name="NatsPerToken"/>.</param>
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

    /// <summary>What it needs then, in bytes; 0 if nobody knows.</summary>
    public long NeededBytes { get; init; }
}
