using System.Collections.Immutable;

namespace TuneGrid.Search.Space;

/// <summary>The condition of a parameter that exists only while another has one of these values.</summary>
/// <param name="Parameter">The other's name, searched or fixed in the same space.</param>
/// <param name="Values">The values under which the parameter exists.</param>
public sealed record When(string Parameter, ImmutableArray<ParameterValue> Values);

/// <summary>How sure somebody is that good values lie near the one named.</summary>
public enum PriorConfidence
{
    /// <summary>Half of the range or so.</summary>
    Low,

    /// <summary>A quarter of the range or so.</summary>
    Medium,

    /// <summary>An eighth of the range or so.</summary>
    High,
}

/// <summary>Where a parameter's good values are expected, before anything is tried.</summary>
/// <param name="Value">One that the parameter may have.</param>
/// <param name="Confidence">How near to it.</param>
public sealed record ParameterPrior(ParameterValue Value, PriorConfidence Confidence);

/// <summary>One searched dimension.</summary>
/// <param name="Name">snake_case, as in the catalog.</param>
/// <param name="When">Null for a parameter that always exists.</param>
public abstract record Parameter(string Name, When? When)
{
    /// <summary>Where a good value is expected; null if nothing is.</summary>
    public ParameterPrior? Prior { get; init; }
}

/// <summary>A whole number from <paramref name="Minimum"/> up to <paramref name="Maximum"/>, both inclusive.</summary>
/// <param name="Name">snake_case, as in the catalog.</param>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value: a whole number of steps above the smallest.</param>
/// <param name="Step">The distance between neighbouring values, at least 1.</param>
/// <param name="LogScale">Whether equal factors, and not equal differences, are equally likely.</param>
/// <param name="When">Null for a parameter that always exists.</param>
public sealed record IntParameter(string Name, long Minimum, long Maximum, long Step, bool LogScale, When? When) : Parameter(Name, When);

/// <summary>A real number from <paramref name="Minimum"/> up to <paramref name="Maximum"/>, both inclusive.</summary>
/// <param name="Name">snake_case, as in the catalog.</param>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value: a whole number of steps above the smallest, if there are steps.</param>
/// <param name="Step">The distance between neighbouring values; null for a continuous parameter.</param>
/// <param name="LogScale">Whether equal factors, and not equal differences, are equally likely; never with a step.</param>
/// <param name="When">Null for a parameter that always exists.</param>
public sealed record FloatParameter(string Name, double Minimum, double Maximum, double? Step, bool LogScale, When? When)
    : Parameter(Name, When);

/// <summary>One of a few values, each equally likely.</summary>
/// <param name="Name">snake_case, as in the catalog.</param>
/// <param name="Values">At least one; none stands twice.</param>
/// <param name="When">Null for a parameter that always exists.</param>
public sealed record ChoiceParameter(string Name, ImmutableArray<ParameterValue> Values, When? When) : Parameter(Name, When);

/// <summary>True or false, each equally likely.</summary>
/// <param name="Name">snake_case, as in the catalog.</param>
/// <param name="When">Null for a parameter that always exists.</param>
public sealed record BoolParameter(string Name, When? When) : Parameter(Name, When);
