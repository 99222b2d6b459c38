using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// Where good configurations are expected before the study says more: around the parameters' priors, and around the best trials of the
/// earlier studies that it starts from; uniform where neither says anything.
/// </summary>
internal sealed class PriorDensity(SpaceEncoding encoding)
{
    /// <summary>How far from an earlier study's best trials this one's may lie.</summary>
    private const double EarlierWidth = 0.15;

    /// <summary>How many configurations of earlier studies are tried as they are.</summary>
    public const int TriedAgain = 3;

    private const int MostDraws = 64;

    private readonly double[] _center =
        [.. encoding.Axes.Select(a => a.Parameter.Prior is { } prior ? a.PointOf(prior.Value) : double.NaN)];

    private readonly KernelWidths _widths = new(encoding.Axes, a => WidthOf(a.Parameter.Prior?.Confidence));
    private readonly KernelWidths _earlierWidths = KernelWidths.Same(encoding.Axes, EarlierWidth);

    // Whether any parameter has a prior.
    private readonly bool _isGiven = encoding.Axes.Any(a => a.Parameter.Prior is not null);

    /// <summary>Whether anything is expected.</summary>
    public bool SaysSomething(SearchHistory history) => _isGiven || history.Earlier.Count > 0;

    /// <summary>Returns what is expected as a density of its own.</summary>
    public ParzenMixture Of(SearchHistory history)
    {
        var mixture = new ParzenMixture(encoding.Axes);
        AddTo(mixture, history, 1);
        return mixture;
    }

    /// <summary>Adds what is expected to a density, shared evenly between priors and earlier trials.</summary>
    public void AddTo(ParzenMixture mixture, SearchHistory history, double weight)
    {
        var share = _isGiven && history.Earlier.Count > 0 ? weight / 2 : weight;
        if (_isGiven)
            mixture.Add(_center, _widths, share);
        foreach (var trial in history.Earlier)
            mixture.Add(encoding.Points(trial.Configuration), _earlierWidths, share / history.Earlier.Count);
    }

    /// <summary>
    /// Returns a feasible configuration drawn from it that was never tried; null if none was found, or nothing is expected.
    /// </summary>
    public Configuration? Draw(SearchHistory history, SampleStream random, UntriedSearch untried)
    {
        if (!SaysSomething(history))
            return null;
        var (density, point) = (Of(history), new double[encoding.Axes.Length]);
        for (var i = 0; i < MostDraws && untried.MayGoOn; i++)
        {
            density.Draw(random, point);
            if (encoding.AtPoints(point) is var candidate && untried.Accepts(candidate))
                return candidate;
        }
        return null;
    }

    /// <summary>
    /// Returns one of the best configurations of earlier studies, completed from the priors where it doesn't say, at random where neither
    /// does; null if it is not worth a try as it is.
    /// </summary>
    /// <param name="index">From 0.</param>
    public Configuration? Earlier(SearchHistory history, int index, SampleStream random)
    {
        if (index < 0 || index >= Math.Min(TriedAgain, history.Earlier.Count))
            return null;
        var points = encoding.Points(history.Earlier[index].Configuration);
        for (var i = 0; i < points.Length; i++)
        {
            if (double.IsNaN(points[i]))
                points[i] = double.IsNaN(_center[i]) ? encoding.Axes[i].PointOf(random.Uniform()) : _center[i];
        }
        return encoding.AtPoints(points);
    }

    /// <summary>By confidence, as NePS has them.</summary>
    private static double WidthOf(PriorConfidence? confidence) => confidence switch
    {
        PriorConfidence.Low => 0.5,
        PriorConfidence.High => 0.125,
        _ => 0.25,
    };
}
