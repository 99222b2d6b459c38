using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Analysis;

/// <summary>
/// How far configurations of a space lie apart: the straight line between their points, each parameter on its scale from 0 to 1.
/// </summary>
public sealed class ConfigurationDistance(SearchSpace space)
{
    private readonly SpaceEncoding _encoding = new(space);

    /// <summary>Returns the index of the nearest one, and how far it is; of equals the first.</summary>
    /// <param name="candidates">At least one.</param>
    public (int Index, double Distance) Nearest(Configuration to, IReadOnlyList<Configuration> candidates)
    {
        var point = _encoding.Encode(to);
        var (best, least) = (0, double.PositiveInfinity);
        for (var i = 0; i < candidates.Count; i++)
        {
            var square = _encoding.Encode(candidates[i]).Zip(point, (a, b) => (a - b) * (a - b)).Sum();
            if (square < least)
                (best, least) = (i, square);
        }
        return (best, Math.Sqrt(least));
    }
}
