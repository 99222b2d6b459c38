namespace TuneGrid.Search.Space;

/// <summary>What one trial may spend at most; rungs are fractions of it.</summary>
public enum BudgetKind
{
    /// <summary>Seconds of training on a monotonic clock, without evaluation and checkpoints.</summary>
    Seconds,

    /// <summary>Tokens of training text.</summary>
    Tokens,

    /// <summary>Optimizer steps.</summary>
    Steps,

    /// <summary>Joules that the whole processor consumed.</summary>
    Joules,
}

/// <summary>An amount of one kind of effort.</summary>
/// <param name="Kind">What is counted.</param>
/// <param name="Amount">In the kind's own unit: training seconds, tokens, optimizer steps, joules.</param>
public sealed record Budget(BudgetKind Kind, double Amount);
