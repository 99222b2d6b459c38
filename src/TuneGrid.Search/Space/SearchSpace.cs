using System.Collections.Immutable;

namespace TuneGrid.Search.Space;

/// <summary>A search space, read and validated. See <c>search-spaces/schema.json</c> for the file.</summary>
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
    public DisturbanceSpec Disturbance { get; init; } = new(DisturbancePolicy.Accept, 0.25);
}

public enum Goal { Minimize, Maximize }

public sealed record Objective(string Metric, Goal Goal);

/// <summary>What one trial may spend at most; rungs are fractions of it.</summary>
public enum BudgetKind { Seconds, Tokens, Steps, Joules }

/// <param name="Amount">In the kind's own unit: training seconds, tokens, optimizer steps, joules.</param>
public sealed record Budget(BudgetKind Kind, double Amount);

public enum SchedulerType { Asha, SuccessiveHalving, Hyperband, Random }

/// <param name="Eta">Reduction factor: one in eta trials is promoted, each rung is eta times the one before.</param>
/// <param name="Rungs">How many rungs up to and including the budget.</param>
public sealed record SchedulerSpec(SchedulerType Type, int Eta, int Rungs);

public enum SamplerType { Random, Sobol }

public sealed record SamplerSpec(SamplerType Type);

/// <summary>What to do with a segment whose silo ran markedly below its own norm (throttled, on battery, shared).</summary>
public enum DisturbancePolicy
{
    /// <summary>Keep the result and show that it was disturbed.</summary>
    Accept,

    /// <summary>Throw the result away and run the segment again, once.</summary>
    RerunOnce,
}

/// <param name="Share">
/// A segment is disturbed if it ran more than this share below its silo's norm: 0.25 means slower than 75 % of it.
/// </param>
public sealed record DisturbanceSpec(DisturbancePolicy Policy, double Share);

/// <summary>A parameter that exists only while another has one of these values.</summary>
public sealed record When(string Parameter, ImmutableArray<ParameterValue> Values);

/// <summary>One searched dimension.</summary>
public abstract record Parameter(string Name, When? When);

public sealed record IntParameter(string Name, long Minimum, long Maximum, long Step, bool LogScale, When? When) : Parameter(Name, When);

/// <param name="Step">Null for a continuous parameter.</param>
public sealed record FloatParameter(string Name, double Minimum, double Maximum, double? Step, bool LogScale, When? When)
    : Parameter(Name, When);

public sealed record ChoiceParameter(string Name, ImmutableArray<ParameterValue> Values, When? When) : Parameter(Name, When);

public sealed record BoolParameter(string Name, When? When) : Parameter(Name, When);
