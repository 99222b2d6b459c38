using TuneGrid.Search.Space;

namespace TuneGrid.Simulation.Tables;

/// <summary>How a task is searched in virtual time.</summary>
/// <param name="Workers">Silos, one trial each at a time.</param>
/// <param name="Trainings">The budget: device-seconds of so many full trainings of the task's mean length.</param>
/// <param name="Seed">What sampler, churn and noise start from.</param>
public sealed record ReplayOptions(SamplerType Sampler, SchedulerType Scheduler, int Workers, double Trainings, ulong Seed)
{
    /// <summary>Reduction factor between rungs.</summary>
    public int Eta { get; init; } = 3;

    /// <summary>The point of a training, from 1, that the first rung is at or after.</summary>
    public int FirstPoint { get; init; } = 2;

    /// <summary>How many rungs; null for as many as fit above <see cref="FirstPoint"/>.</summary>
    public int? Rungs { get; init; }

    /// <summary>Trials to propose at most; null for as many as the budget has room for.</summary>
    public int? Trials { get; init; }

    /// <summary>Who of a search that has ended runs again before its champion is named; null for nobody.</summary>
    public FinalistSpec? Finalists { get; init; }

    /// <summary>What every third silo's speed is of the others'; 1 for a fleet of equals.</summary>
    public double SlowSpeed { get; init; } = 1;

    /// <summary>A silo comes or goes every so many seconds; null for a fleet that stays.</summary>
    public double? ChurnSeconds { get; init; }
}

/// <summary>What a search found, by a fifth, a half and the whole of its budget.</summary>
/// <param name="Trials">How many were proposed.</param>
/// <param name="Failed">How many of them failed.</param>
public sealed record ReplayReport(
    string Task, ulong Seed, int Trials, int Failed, Regret Fifth, Regret Half, Regret Whole)
{
    /// <summary>Null where the budget ended the search before it was done.</summary>
    public ReplayChampion? Champion { get; init; }
}
