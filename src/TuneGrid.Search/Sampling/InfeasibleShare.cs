using TuneGrid.Search.Randomness;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>How much of a space can't be trained.</summary>
public static class InfeasibleShare
{
    /// <summary>How many draws it is estimated from.</summary>
    public const int Draws = 1000;

    // Constraints may be as long as a file: beyond this effort, in evaluated nodes, fewer draws have to do.
    private const long MostEffort = 30_000_000;

    /// <summary>Returns the share of draws that the constraints refuse, or the trainer, or that do not fit; from 0 to 1.</summary>
    /// <param name="fits">Whether the machine can train a configuration that is allowed.</param>
    public static double Of(SearchSpace space, IParameterCatalog catalog, Func<Configuration, bool> fits)
    {
        var (tree, check) = (new ParameterTree(space), new FeasibilityCheck(space.Constraints, catalog));
        var (refused, draw) = (0, 0);
        for (; draw < Draws && check.Effort < MostEffort; draw++)
        {
            var drawn = new ParameterValue?[space.Parameters.Length];
            foreach (var dimension in tree.Order)
            {
                if (!tree.Exists(dimension, drawn))
                    continue;
                var unit = CounterRandom.Uniform(space.Seed, (ulong)draw, (ulong)dimension);
                drawn[dimension] = UnitMapping.ToValue(space.Parameters[dimension], unit);
            }
            var configuration = tree.Compose(drawn);
            refused += check.Refusal(configuration) is not null || !fits(configuration) ? 1 : 0;
        }
        return (double)refused / draw;
    }
}
