using System.Globalization;
using TuneGrid.Search.Numerics;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// A multivariate tree-structured Parzen estimator (Watanabe 2023, arXiv 2304.11127): proposes what is likely among the best trials and
/// unlikely among the others. Trials are ranked as <see cref="RankedHistory"/> says; those on their way and those that failed through
/// their configuration are among the others. Priors, and trials of earlier studies, are likely until own trials say more.
/// </summary>
internal sealed class TpeSampler : ISampler
{
    /// <summary>Of trials with a score; a short study starts earlier.</summary>
    private const int MostAtFirst = 10, LeastAtFirst = 4;
    private const double BestShare = 0.08;
    private const int MostBest = 25;

    /// <summary>The density of more is hardly another one, and its time would grow with the study.</summary>
    private const int MostOthers = 512;
    private const int Candidates = 48, MostBatches = 8;

    private readonly SearchSpace _space;
    private readonly IParameterCatalog _catalog;
    private readonly RecentDraws _draws;
    private readonly SpaceEncoding _encoding;
    private readonly HistoryPoints _points;
    private readonly PriorDensity _prior;
    private readonly int _atFirst;

    public TpeSampler(SearchSpace space, IParameterCatalog catalog)
    {
        (_space, _catalog, _encoding) = (space, catalog, new(space));
        (_points, _prior) = (new(_encoding.Points), new(_encoding));
        _draws = new(new SpaceDraws(space with { Sampler = new(SamplerType.Sobol) }, catalog));
        _atFirst = Math.Clamp(space.Trials / 4, LeastAtFirst, MostAtFirst);
    }

    public Proposal Propose(SearchHistory history)
    {
        var known = _points.Of(history);
        var number = history.Trials.Count;
        var (random, untried) = (new SampleStream(_space.Seed, number), new UntriedSearch(_encoding, _catalog, known));
        var ranked = RankedHistory.Of(history, _encoding.Axes.Length + 2);
        if (ranked.Scored.Count >= _atFirst)
            return FromModel(history, ranked, known, random, untried) ?? Spread(number, random, untried, "the model found nothing new");
        if (number % 2 == 0 && _prior.Draw(history, random, untried) is { } likely)
            return new(likely, new("tpe", "drawn where priors or earlier studies expect good ones"));
        return Spread(number, random, untried, $"{ranked.Scored.Count} of the {_atFirst} scores that the model needs");
    }

    private Proposal Spread(int number, SampleStream random, UntriedSearch untried, string why) =>
        new(untried.Near(_draws.Draw(number), random), new("tpe", $"spread over the space: {why}"));

    private Proposal? FromModel(
        SearchHistory history, RankedHistory ranked, HistoryPoints.Known known, SampleStream random, UntriedSearch untried)
    {
        var all = ranked.Scored.Count + ranked.Bad.Count;
        var best = Math.Min(MostBest, Math.Min(ranked.Scored.Count - 1, (int)Math.Ceiling(BestShare * all)));
        var good = Estimate([.. ranked.Scored.Take(best)], known);
        var bad = Estimate(Spaced([.. ranked.Scored.Skip(best), .. ranked.Bad]), known);
        if (_prior.SaysSomething(history))
            _prior.AddTo(good, history, 0.5 * best * _atFirst / history.Trials.Count);
        var point = new double[_encoding.Axes.Length];
        for (var batch = 0; batch < MostBatches && untried.MayGoOn; batch++)
        {
            var candidates = new (Configuration Configuration, double Ratio)[Candidates];
            for (var i = 0; i < Candidates; i++)
            {
                good.Draw(random, point);
                var candidate = _encoding.AtPoints(point);
                var exact = _encoding.Points(candidate);
                candidates[i] = (candidate, good.LogDensity(exact) - bad.LogDensity(exact));
            }
            foreach (var (candidate, ratio) in candidates.OrderByDescending(c => c.Ratio))
            {
                if (untried.Accepts(candidate))
                    return new(candidate, new("tpe", Text(best, all, ranked.Amount, ratio)));
            }
        }
        return null;
    }

    /// <summary>Returns at most so many, evenly spaced by rank.</summary>
    private static List<int> Spaced(List<int> places) => places.Count <= MostOthers
        ? places
        : [.. Enumerable.Range(0, MostOthers).Select(i => places[(int)((long)i * places.Count / MostOthers)])];

    private ParzenMixture Estimate(List<int> places, HistoryPoints.Known known)
    {
        var mixture = new ParzenMixture(_encoding.Axes);
        var widths = KernelWidths.For(_encoding.Axes, places.Count);
        foreach (var place in places)
            mixture.Add(known.Points[place], widths, 1);
        mixture.Add([.. _encoding.Axes.Select(_ => double.NaN)], widths, 1);
        return mixture;
    }

    private string Text(int best, int all, double amount, double ratio)
    {
        var at = BudgetText.Of(_space.Budget.Kind, amount);
        return string.Create(
            CultureInfo.InvariantCulture, $"the best {best} of {all} at {at}; density ratio {Elementary.Exp(Math.Min(ratio, 99)):G2}");
    }
}
