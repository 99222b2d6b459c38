using TuneGrid.Search.Numerics;
using TuneGrid.Search.Randomness;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>A configuration that could be proposed, and its point.</summary>
internal readonly record struct GpCandidate(Configuration Configuration, double[] Point);

/// <summary>
/// Draws one proposal's candidates: feasible, on the space's steps and choices, never tried before. A function of the space's seed and the
/// proposal's number. Not thread-safe.
/// </summary>
internal sealed class GpCandidates(
    SpaceEncoding encoding, FeasibilityCheck feasibility, HistoryPoints.Known entries, ulong seed, int number, GpSettings settings)
{
    /// <summary>Apart from the streams of <see cref="SpaceDraws"/>, which start from the same seed.</summary>
    private const ulong Purpose = 0x6A0551A2;

    /// <summary>In a space that refuses most draws so many may be lost for each candidate, and so much effort for all.</summary>
    private const int DrawsPerCandidate = 10;

    private const long MostEffort = 300_000;

    private readonly HashSet<Configuration> _drawn = [];
    private ulong _next;

    /// <summary>Returns a number that is uniform in [0, 1).</summary>
    public double Uniform() => CounterRandom.Uniform(seed ^ Purpose, (ulong)number, _next++);

    /// <summary>Returns candidates from all over the space; none if the constraints refused every draw.</summary>
    public List<GpCandidate> Spread(int count) => Draw(count, _ => UniformPoint());

    /// <summary>Returns candidates from all over the space and, one in so many, beside the first parents.</summary>
    public List<GpCandidate> Mixed(IReadOnlyList<double[]> parents)
    {
        var known = Math.Min(parents.Count, settings.Parents);
        return Draw(
            settings.Candidates,
            i => i % settings.LocalEvery == 0 ? Changed(parents[i / settings.LocalEvery % known]) : UniformPoint());
    }

    private List<GpCandidate> Draw(int count, Func<int, double[]> draw)
    {
        var candidates = new List<GpCandidate>(count);
        for (var i = 0; i < count * DrawsPerCandidate && candidates.Count < count && feasibility.Effort < MostEffort; i++)
        {
            var configuration = encoding.Decode(draw(i));
            if (entries.WasTried(configuration) || !_drawn.Add(configuration) || feasibility.Refusal(configuration) is not null)
                continue;
            candidates.Add(new(configuration, encoding.Encode(configuration)));
        }
        return candidates;
    }

    private double[] UniformPoint()
    {
        var point = new double[encoding.Columns];
        foreach (var axis in encoding.Axes)
            Redraw(axis, point);
        return point;
    }

    /// <summary>At least one axis changes: by a normal step that is reflected at the edges, or to any category.</summary>
    private double[] Changed(double[] parent)
    {
        var point = (double[])parent.Clone();
        var always = (int)(Uniform() * encoding.Axes.Length);
        var deviation = Uniform() < 0.5 ? settings.ChangeSize : settings.FineChangeSize;
        for (var i = 0; i < encoding.Axes.Length; i++)
        {
            var axis = encoding.Axes[i];
            if (Uniform() * encoding.Axes.Length >= settings.Changes && i != always)
                continue;
            if (axis.IsOneHot || !axis.IsOrdered)
            {
                Redraw(axis, point);
                continue;
            }
            // A parameter of few values must be able to reach the next one.
            var size = axis.Cells > 0 ? Math.Max(deviation, 1.0 / axis.Cells) : deviation;
            var moved = point[axis.First] + (size * Elementary.NormalQuantile(Math.Max(Uniform(), 1e-12)));
            point[axis.First] = Math.Clamp(moved < 0 ? -moved : moved > 1 ? 2 - moved : moved, 0, 1);
        }
        return point;
    }

    private void Redraw(SpaceAxis axis, double[] point)
    {
        if (axis.IsOneHot || !axis.IsOrdered)
            axis.EncodeCategory((int)(Uniform() * axis.Cells), point);
        else
            point[axis.First] = Uniform();
    }
}
