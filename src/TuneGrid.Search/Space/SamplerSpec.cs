namespace TuneGrid.Search.Space;

/// <summary>Where the points come from that are mapped onto configurations.</summary>
public enum SamplerType
{
    /// <summary>Independent uniform points.</summary>
    Random,

    /// <summary>The scrambled Sobol sequence, which covers the space more evenly.</summary>
    Sobol,
}

/// <summary>How configurations are drawn.</summary>
/// <param name="Type">Where the points come from.</param>
public sealed record SamplerSpec(SamplerType Type);
