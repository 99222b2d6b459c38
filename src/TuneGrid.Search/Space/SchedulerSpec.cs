namespace TuneGrid.Search.Space;

/// <summary>The rule by which trials are promoted from rung to rung.</summary>
public enum SchedulerType
{
    /// <summary>Asynchronous successive halving: the best of those that have reached a rung are promoted at once.</summary>
    Asha,

    /// <summary>Successive halving: a rung promotes when all its trials have reported or failed.</summary>
    SuccessiveHalving,

    /// <summary>Several brackets of asynchronous successive halving, which start at different rungs.</summary>
    Hyperband,

    /// <summary>No rungs: every trial gets the whole budget.</summary>
    Random,

    /// <summary>The one that did best on recorded learning curves for a study of this kind.</summary>
    Auto,
}

/// <summary>How trials are given more of the budget.</summary>
/// <param name="Type">The rule.</param>
/// <param name="Eta">Reduction factor: one in eta trials is promoted, each rung is eta times the one before. From 2 to 64.</param>
/// <param name="Rungs">How many rungs up to and including the budget, from 1 to 32.</param>
public sealed record SchedulerSpec(SchedulerType Type, int Eta, int Rungs);
