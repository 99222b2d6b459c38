using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// Begins where somebody knows better than chance: after the space's start points come the best configurations of the earlier studies that
/// the study starts from. With <paramref name="guided"/>, every other one of so many first proposals is drawn around priors and earlier
/// trials, for a sampler that knows neither. All else is the sampler's own.
/// </summary>
internal sealed class GuidedSampler(SearchSpace space, IParameterCatalog catalog, ISampler inner, string name, int guided = 0) : ISampler
{
    private readonly SpaceEncoding _encoding = new(space);
    private readonly HistoryPoints _points = new(new SpaceEncoding(space).Points);
    private readonly PriorDensity _prior = new(new(space));

    public Proposal Propose(SearchHistory history)
    {
        var number = history.Trials.Count - space.StartPoints.Length;
        if (number < 0 || !_prior.SaysSomething(history) || number >= Math.Max(guided, PriorDensity.TriedAgain))
            return inner.Propose(history);
        // Not the numbers that the sampler draws with.
        var random = new SampleStream(~space.Seed, history.Trials.Count);
        var untried = new UntriedSearch(_encoding, catalog, _points.Of(history));
        if (_prior.Earlier(history, number, random) is { } earlier && untried.Accepts(earlier))
            return new(earlier, new(name, "among the best of an earlier study"));
        if (number < guided && number % 2 == 0 && _prior.Draw(history, random, untried) is { } likely)
            return new(likely, new(name, "drawn where priors or earlier studies expect good ones"));
        return inner.Propose(history);
    }
}
