using System.Globalization;
using TuneGrid.Search.Numerics;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// PriorBand (Mallik et al. 2023, arXiv 2306.12370): draws uniformly, from the parameters' priors, or a changed incumbent. Uniform draws
/// have 1 / (1 + eta^r), r being how many rungs lie below the deepest one that eta trials have reached; the rest is shared between priors
/// and incumbent by how well each explains the best trials there. Without priors the incumbent has all of the rest.
/// </summary>
internal sealed class PriorBandSampler : ISampler
{
    private const int MostAttempts = 64;

    /// <summary>How many of the incumbent's parameters are changed, and by how much.</summary>
    private const double ChangedShare = 0.5, Change = 0.25;

    private readonly SearchSpace _space;
    private readonly IParameterCatalog _catalog;
    private readonly RecentDraws _draws;
    private readonly SpaceEncoding _encoding;
    private readonly HistoryPoints _points;
    private readonly PriorDensity _prior;
    private readonly KernelWidths _change;

    public PriorBandSampler(SearchSpace space, IParameterCatalog catalog)
    {
        (_space, _catalog, _encoding) = (space, catalog, new(space));
        (_points, _prior) = (new(_encoding.Points), new(_encoding));
        _draws = new(new SpaceDraws(space with { Sampler = new(SamplerType.Sobol) }, catalog));
        _change = KernelWidths.Same(_encoding.Axes, Change);
    }

    public Proposal Propose(SearchHistory history)
    {
        var known = _points.Of(history);
        var number = history.Trials.Count;
        var (random, untried) = (new SampleStream(_space.Seed, number), new UntriedSearch(_encoding, _catalog, known));
        var ranked = RankedHistory.Of(history, _space.Scheduler.Eta);
        var (uniform, prior) = Shares(history, ranked, known);
        var choice = random.Uniform();
        var shares = string.Create(
            CultureInfo.InvariantCulture, $"shares: uniform {uniform:F2}, priors {prior:F2}, incumbent {1 - uniform - prior:F2}");
        if (choice >= uniform && choice < uniform + prior && _prior.Draw(history, random, untried) is { } likely)
            return new(likely, new("priorband", $"drawn where priors or earlier studies expect good ones; {shares}"));
        if (choice >= uniform + prior && Changed(known.Points[ranked.Scored[0]], random, untried) is { } changed)
        {
            var of = string.Create(CultureInfo.InvariantCulture, $"t{history.Trials[ranked.Scored[0]].Trial}");
            var at = BudgetText.Of(_space.Budget.Kind, ranked.Amount);
            return new(changed, new("priorband", $"a change of {of}, the best at {at}; {shares}"));
        }
        return new(untried.Near(_draws.Draw(number), random), new("priorband", $"drawn uniformly; {shares}"));
    }

    private (double Uniform, double Prior) Shares(SearchHistory history, RankedHistory ranked, HistoryPoints.Known known)
    {
        var hasIncumbent = ranked.There >= _space.Scheduler.Eta;
        var hasPrior = _prior.SaysSomething(history);
        if (!hasIncumbent && !hasPrior)
            return (1, 0);
        var uniform = 1 / (1 + Elementary.Pow(_space.Scheduler.Eta, hasIncumbent ? ranked.Level : 0));
        if (!hasIncumbent || !hasPrior)
            return (uniform, hasIncumbent ? 0 : 1 - uniform);
        var best = (ranked.There + _space.Scheduler.Eta - 1) / _space.Scheduler.Eta;
        var (byPrior, byIncumbent) = (_prior.Of(history), Single(known.Points[ranked.Scored[0]], _change));
        var (explainedByPrior, explainedByIncumbent) = (0.0, 0.0);
        for (var i = 0; i < best; i++)
        {
            explainedByPrior += (best - i) * Elementary.Exp(byPrior.LogDensity(known.Points[ranked.Scored[i]]));
            explainedByIncumbent += (best - i) * Elementary.Exp(byIncumbent.LogDensity(known.Points[ranked.Scored[i]]));
        }
        return (uniform, (1 - uniform) * explainedByPrior / (explainedByPrior + explainedByIncumbent));
    }

    private ParzenMixture Single(double[] center, KernelWidths widths)
    {
        var mixture = new ParzenMixture(_encoding.Axes);
        mixture.Add(center, widths, 1);
        return mixture;
    }

    private Configuration? Changed(double[] incumbent, SampleStream random, UntriedSearch untried)
    {
        var density = Single(incumbent, _change);
        var point = new double[incumbent.Length];
        for (var attempt = 0; attempt < MostAttempts && untried.MayGoOn; attempt++)
        {
            density.Draw(random, point);
            for (var i = 0; i < point.Length; i++)
            {
                if (!double.IsNaN(incumbent[i]) && random.Uniform() >= ChangedShare)
                    point[i] = incumbent[i];
            }
            if (_encoding.AtPoints(point) is var candidate && untried.Accepts(candidate))
                return candidate;
        }
        return null;
    }
}
