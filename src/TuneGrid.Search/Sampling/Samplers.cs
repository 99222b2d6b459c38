using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>Makes samplers from what a space says.</summary>
public static class Samplers
{
    /// <summary>Returns the sampler that the space asks for.</summary>
    public static ISampler Create(SearchSpace space, IParameterCatalog catalog) =>
        new RecentSamples(new SpaceSampler(space, catalog));
}
