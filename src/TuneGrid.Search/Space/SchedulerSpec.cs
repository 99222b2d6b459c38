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

    /// <summary>
    /// Asynchronous successive halving whose top rung grows only while the best trials change places between the two rungs below it; at the
    /// end the leader alone is trained for the whole budget.
    /// </summary>
    Pasha,

    /// <summary>Every trial goes on from rung to rung until it is worse than the median of those that have reached the same rung.</summary>
    MedianStop,

    /// <summary>
    /// Freeze-thaw: whoever's learning curve, forecast by power laws, promises most goes on by one rung, a new trial among them.
    /// </summary>
    FreezeThaw,
}

/// <summary>How trials are given more of the budget.</summary>
/// <param name="Type">The rule.</param>
/// <param name="Eta">Reduction factor: one in eta trials is promoted, each rung is eta times the one before. From 2 to 64.</param>
/// <param name="Rungs">How many rungs up to and including the budget, from 1 to 32.</param>
public sealed record SchedulerSpec(SchedulerType Type, int Eta, int Rungs);
