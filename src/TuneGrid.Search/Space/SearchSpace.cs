using System.Collections.Immutable;

namespace TuneGrid.Search.Space;

/// <summary>A search space, read and validated. See <c>search-spaces/schema.json</c> for the file.</summary>
/// <param name="Name">Letters, digits, '-', '_' and '.', at most 64; studies are named after it.</param>
/// <param name="Corpus">What trials train on: a corpus's name, or <c>auto</c>.</param>
/// <param name="Objective">What is compared between trials.</param>
/// <param name="Budget">What one trial may spend at most.</param>
/// <param name="Scheduler">How trials are given more of the budget.</param>
/// <param name="Sampler">How configurations are drawn.</param>
/// <param name="Trials">How many trials are proposed per hardware class, from 1 to 1,000,000.</param>
/// <param name="Seed">What all draws of the study start from.</param>
/// <param name="Parameters">The searched parameters, in file order; names are unique.</param>
/// <param name="Fixed">Values that every trial has; no name is also in <paramref name="Parameters"/>.</param>
/// <param name="Constraints">Conditions that every configuration meets.</param>
public sealed record SearchSpace(
    string Name,
    string Corpus,
    Objective Objective,
    Budget Budget,
    SchedulerSpec Scheduler,
    SamplerSpec Sampler,
    int Trials,
    ulong Seed,
    ImmutableArray<Parameter> Parameters,
    Configuration Fixed,
    ImmutableArray<Constraint> Constraints)
{
    /// <summary>What happens to segments that ran slower than their silo does; they are kept unless the file says otherwise.</summary>
    public DisturbanceSpec Disturbance { get; init; } = new(DisturbancePolicy.Accept, 0.25);

    /// <summary>For people: what the study's number means. Printed with its champion; null if nothing is to be said.</summary>
    public string? Note { get; init; }

    /// <summary>Who runs again before the champion is named; null if nobody does.</summary>
    public FinalistSpec? Finalists { get; init; }

    /// <summary>Which models and checkpoints stay once the study has ended.</summary>
    public Retention Keep { get; init; }

    /// <summary>Configurations that every hardware class tries first, in this order; they count among <see cref="Trials"/>.</summary>
    public ImmutableArray<StartPoint> StartPoints { get; init; } = [];

    /// <summary>Whether the first of <see cref="StartPoints"/> is a control: trained for the whole budget whatever its scores.</summary>
    public bool Control { get; init; }

    /// <summary>How long after its creation, paused time included, a study has its champions at the latest; null for no limit.</summary>
    public TimeSpan? StopAfter { get; init; }
}
