using System.Globalization;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// Proposes where a Gaussian process expects the greatest improvement over the best trial (Jones et al. 1998), after a first few trials
/// that are spread over the space; a share of the later ones is too. It knows scores of all rungs (<see cref="ChainedScores"/>), keeps
/// away from running trials, and learns where configurations fail (<see cref="GpModel"/>). Hyperparameters are fitted again when the data
/// has grown by a tenth; they go with the proposal and come back with the history.
/// </summary>
internal sealed class GpSampler(SearchSpace space, IParameterCatalog catalog, GpSettings settings) : ISampler
{
    private const int LeastScored = 5;

    /// <summary>Points that a spread proposal keeps away from, the latest.</summary>
    private const int MostNeighbours = 1024;

    private readonly SpaceEncoding _encoding = new(space);
    private readonly HistoryPoints _encoded = new(new SpaceEncoding(space).Encode);
    private readonly SpaceDraws _draws = new(space, catalog);

    public GpSampler(SearchSpace space, IParameterCatalog catalog)
        : this(space, catalog, new())
    {
    }

    public Proposal Propose(SearchHistory history)
    {
        var entries = _encoded.Of(history);
        var number = history.Trials.Count;
        var candidates = new GpCandidates(_encoding, _encoding.Feasibility(catalog), entries, space.Seed, number, settings);
        var data = GpData.Of(history, settings);
        var isSpread = candidates.Uniform() < settings.SpreadShare;
        if (number < settings.FirstTrials || data.Scored.Count < LeastScored)
            return Spread(candidates, entries, "spread over the space, before the model") ?? Drawn(number);
        if (isSpread && Spread(candidates, entries, "spread over the space, beside the model's") is { } spread)
            return spread;
        return Best(history, data, candidates, entries) ?? Drawn(number);
    }

    /// <summary>The candidate that is farthest from everything proposed.</summary>
    private Proposal? Spread(GpCandidates candidates, HistoryPoints.Known entries, string why)
    {
        GpCandidate? best = null;
        var farthest = double.NegativeInfinity;
        foreach (var candidate in candidates.Spread(entries.Points.Count == 0 ? 1 : settings.SpreadCandidates))
        {
            if (Distance(candidate.Point, entries.Points, farthest) is var distance && distance > farthest)
                (best, farthest) = (candidate, distance);
        }
        return best is { } found ? new(found.Configuration, new(settings.Name, why)) : null;
    }

    private Proposal? Best(SearchHistory history, GpData data, GpCandidates candidates, HistoryPoints.Known entries)
    {
        var draw = candidates.Uniform();
        var model = GpModel.Of(data, entries.Points, history.Model, settings.MostMargin * draw * draw, settings);
        var bounded = candidates.Mixed(model.Parents).ConvertAll(c => (Candidate: c, Bound: model.GainBound(c.Point)));
        if (bounded.Count == 0)
            return null;
        // The bound costs little and the gain much: those that can't be the best any more are not asked.
        var (best, greatest) = (bounded[0].Candidate, double.NegativeInfinity);
        foreach (var (candidate, bound) in bounded.OrderByDescending(b => b.Bound))
        {
            if (bound <= greatest)
                break;
            if (model.Gain(candidate.Point) is var gain && gain > greatest)
                (best, greatest) = (candidate, gain);
        }
        var learned = model.Learned.Write();
        var why = new ProposalReason(settings.Name, Why(data, model, best)) { Model = learned.Equals(history.Model) ? null : learned };
        return new(best.Configuration, why);
    }

    private static string Why(GpData data, GpModel model, GpCandidate best)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"expected improvement over {data.Scored.Count} scored trials");
        var failing = 1 - model.ChanceOfSuccess(best.Point);
        return failing > 0 ? string.Create(CultureInfo.InvariantCulture, $"{text}, chance to fail {100 * failing:F0} %") : text;
    }

    /// <summary>What the space's own draws give: it is searched longer there, and throws where nothing is feasible.</summary>
    private Proposal Drawn(int number) =>
        new(_draws.Draw(number), new(settings.Name, "drawn at random: the constraints refuse most of the space"));

    private static double Distance(double[] point, List<double[]> points, double enough)
    {
        var least = double.PositiveInfinity;
        for (var i = Math.Max(0, points.Count - MostNeighbours); i < points.Count && least > enough; i++)
        {
            var squared = 0.0;
            for (var j = 0; j < point.Length; j++)
                squared += (point[j] - points[i][j]) * (point[j] - points[i][j]);
            least = Math.Min(least, squared);
        }
        return least;
    }
}
