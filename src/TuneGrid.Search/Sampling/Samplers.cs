using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>Makes samplers from what a space says.</summary>
public static class Samplers
{
    /// <summary>Of a Gaussian process's proposals, which has no priors of its own.</summary>
    private const int GuidedFirst = 12;

    /// <summary>Returns the sampler that the space asks for.</summary>
    public static ISampler Create(SearchSpace space, IParameterCatalog catalog)
    {
        var draws = new RecentDraws(new SpaceDraws(space, catalog));
        return space.Sampler.Type switch
        {
            SamplerType.Auto => Automatic(space, catalog),
            SamplerType.Gp => new GuidedSampler(space, catalog, new GpSampler(space, catalog), "gp", GuidedFirst),
            SamplerType.FreezeThaw => new GuidedSampler(space, catalog, FreezeThaw(space, catalog), "freeze_thaw", GuidedFirst),
            SamplerType.Random => new HistoryFreeSampler(draws, "random"),
            SamplerType.Sobol => new HistoryFreeSampler(draws, "sobol"),
            SamplerType.Tpe => new GuidedSampler(space, catalog, new TpeSampler(space, catalog), "tpe"),
            SamplerType.PriorBand => new GuidedSampler(space, catalog, new PriorBandSampler(space, catalog), "priorband"),
            _ => throw new ArgumentOutOfRangeException(nameof(space), space.Sampler.Type, "unknown sampler"),
        };
    }

    private static GpSampler FreezeThaw(SearchSpace space, IParameterCatalog catalog) =>
        new(space, catalog, new() { Name = "freeze_thaw", Forecasts = new(space.Budget.Amount) });

    /// <summary>Returns which sampler proposes for the space and why; null unless the space leaves the choice open.</summary>
    public static AutoChoice? Explain(SearchSpace space) => space.Sampler.Type == SamplerType.Auto ? AutoSampler.Choose(space) : null;

    private static AutoSampler Automatic(SearchSpace space, IParameterCatalog catalog)
    {
        var choice = AutoSampler.Choose(space);
        var type = choice.Name switch
        {
            "tpe" => SamplerType.Tpe,
            "gp" => SamplerType.Gp,
            _ => SamplerType.Sobol,
        };
        return new(Create(space with { Sampler = new(type) }, catalog), choice.Why, space.StartPoints.Length);
    }

    /// <summary>Returns a feasible configuration of the space.</summary>
    /// <exception cref="UnsatisfiableSpaceException">None was found.</exception>
    internal static Configuration Any(SearchSpace space, IParameterCatalog catalog) => new SpaceDraws(space, catalog).Draw(0);
}
