using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>Finds, for one proposal, a feasible configuration that the history does not have yet.</summary>
internal sealed class UntriedSearch(SpaceEncoding encoding, IParameterCatalog catalog, HistoryPoints.Known known)
{
    /// <summary>What one proposal may cost beside its draws, in evaluated nodes of constraints.</summary>
    private const long MostEffort = 1_000_000;
    private const int MostDraws = 256;
    private const int MostCells = 10_000;

    private readonly FeasibilityCheck _check = encoding.Feasibility(catalog);

    /// <summary>Whether more candidates may be asked for.</summary>
    public bool MayGoOn => _check.Effort < MostEffort;

    /// <summary>Returns whether the candidate may be proposed.</summary>
    public bool Accepts(Configuration candidate) => !known.WasTried(candidate) && MayGoOn && _check.Refusal(candidate) is null;

    /// <summary>
    /// Returns the draw if it is new, else a random one that is. A small space is gone through value by value before anything is tried
    /// twice.
    /// </summary>
    public Configuration Near(Configuration drawn, SampleStream random)
    {
        if (!known.WasTried(drawn))
            return drawn;
        for (var i = 0; i < MostDraws; i++)
        {
            if (Uniform(random) is var candidate && Accepts(candidate))
                return candidate;
        }
        if (!(encoding.Size <= MostCells))
            return drawn;
        var (count, first) = ((int)encoding.Size, random.Below((int)encoding.Size));
        for (var i = 0; i < count; i++)
        {
            if (encoding.Cell((first + i) % count) is var candidate && Accepts(candidate))
                return candidate;
        }
        return drawn;
    }

    private Configuration Uniform(SampleStream random)
    {
        var points = new double[encoding.Axes.Length];
        for (var i = 0; i < points.Length; i++)
            points[i] = encoding.Axes[i].PointOf(random.Uniform());
        return encoding.AtPoints(points);
    }
}
