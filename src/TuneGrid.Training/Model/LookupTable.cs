namespace TuneGrid.Training.Model;

/// <summary>What a token finds its row of a table by.</summary>
internal enum LookupKey
{
    /// <summary>Its own id.</summary>
    Token,

    /// <summary>A hash of its id and the one before it.</summary>
    Pair,
}

/// <summary>Which gradient, of those kept per token, flows into a table.</summary>
internal enum LookupGradient { Embedding, Value }

/// <summary>
/// A table of which a batch touches only some rows: its gradients are kept per token of the batch, and only touched rows move. Which tables
/// are, <see cref="ModelLayout.Lookups"/> decides.
/// </summary>
internal sealed record LookupTable(Parameter Parameter, LookupKey Key, LookupGradient Gradient)
{
    /// <summary>Rows that a batch touches at most.</summary>
    public long MostTouchedRows(TrainingOptions options) => Math.Min(Parameter.Rows, (long)options.BatchSize * options.Context);
}

internal static unsafe class PairHash
{
    /// <summary>
    /// The row for the token at <paramref name="index"/> and the one before it in its sequence of <paramref name="length"/> tokens.
    /// </summary>
    public static uint Row(int* inputs, int index, int length, int buckets)
    {
        var previous = index % length == 0 ? 0 : inputs[index - 1];
        return (uint)((inputs[index] * 36313) ^ (previous * 27191)) % (uint)buckets;
    }
}
