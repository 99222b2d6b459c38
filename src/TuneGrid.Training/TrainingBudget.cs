namespace TuneGrid.Training;

/// <summary>What a budget counts.</summary>
public enum BudgetUnit
{
    /// <summary>Training seconds: forward, backward and update, nothing else.</summary>
    Seconds,

    /// <summary>Tokens trained on.</summary>
    Tokens,

    /// <summary>Optimizer steps.</summary>
    Steps,

    /// <summary>Energy that the machine took while it trained.</summary>
    Joules,
}

/// <summary>The whole budget of a trial; the learning-rate schedule follows amount spent / <paramref name="Amount"/>.</summary>
/// <param name="Amount">In <paramref name="Unit"/>s.</param>
public sealed record TrainingBudget(BudgetUnit Unit, double Amount);
