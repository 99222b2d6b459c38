namespace TuneGrid.Search.Space;

/// <summary>Where the points come from that are mapped onto configurations.</summary>
public enum SamplerType
{
    /// <summary>Independent uniform points.</summary>
    Random,

    /// <summary>The scrambled Sobol sequence, which covers the space more evenly.</summary>
    Sobol,

    /// <summary>A multivariate tree-structured Parzen estimator (Watanabe 2023, arXiv 2304.11127).</summary>
    Tpe,

    /// <summary>Between uniform draws, the parameters' priors and changed incumbents (Mallik et al. 2023, arXiv 2306.12370).</summary>
    PriorBand,

    /// <summary>Expected improvement under a Gaussian process over the scores of all rungs (Jones et al. 1998).</summary>
    Gp,

    /// <summary>The same over what each trial's own curve is forecast to come to; meant for the scheduler of that name.</summary>
    FreezeThaw,

    /// <summary>The one that did best on recorded learning curves for a space and a study of this kind.</summary>
    Auto,
}

/// <summary>How configurations are drawn.</summary>
/// <param name="Type">Where the points come from.</param>
public sealed record SamplerSpec(SamplerType Type);
