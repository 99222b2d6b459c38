namespace TuneGrid.Training;

public enum BudgetUnit { Seconds, Tokens, Steps, Joules }

/// <summary>The whole budget of a trial; the learning-rate schedule follows amount spent / <paramref name="Amount"/>.</summary>
public sealed record TrainingBudget(BudgetUnit Unit, double Amount);
