using TuneGrid.Search.Randomness;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// Draws the trial's point in the unit cube, maps it onto the parameters and redraws what no model can be built from. Redraws are random
/// even for Sobol, whose next point belongs to the next trial.
/// </summary>
internal sealed class SpaceDraws(SearchSpace space, IParameterCatalog catalog) : ITrialDraws
{
    /// <summary>As many as the numbering of the random stream has room for.</summary>
    private const int MostAttempts = 1 << 20;

    /// <summary>
    /// What one trial may cost, in evaluated nodes of its constraints: half a second or so. Counted and not timed, since replaying a ledger
    /// elsewhere must give up at the same draw.
    /// </summary>
    private const long MostEffort = 30_000_000;

    /// <summary>What a draw costs beside its constraints, and for each of its parameters.</summary>
    private const int DrawCost = 30, ParameterCost = 30;

    private readonly ParameterTree _tree = new(space);

    // A silo's question is decided twice, before and within its turn at the ledger: the second time the answer is known.
    private volatile Outcome? _last;

    public Configuration Draw(int trialNumber)
    {
        var outcome = _last is { } last && last.Trial == trialNumber ? last : Search(trialNumber);
        _last = outcome;
        return outcome.Found ?? throw new UnsatisfiableSpaceException(outcome.Refusals);
    }

    private Outcome Search(int trialNumber)
    {
        var refusals = new RefusalCount();
        var check = new FeasibilityCheck(space.Constraints, catalog);
        var effort = 0L;
        for (var attempt = 0; attempt < MostAttempts && effort + check.Effort < MostEffort; attempt++)
        {
            var configuration = PointOf(trialNumber, attempt);
            if (check.Refusal(configuration) is not { } refusal)
                return new(trialNumber, configuration, "");
            refusals.Add(refusal);
            effort += DrawCost + (ParameterCost * space.Parameters.Length);
        }
        return new(trialNumber, null, refusals.ToString());
    }

    private Configuration PointOf(int trialNumber, int attempt)
    {
        var drawn = new ParameterValue?[space.Parameters.Length];
        foreach (var dimension in _tree.Order)
        {
            if (_tree.Exists(dimension, drawn))
                drawn[dimension] = UnitMapping.ToValue(space.Parameters[dimension], Unit(trialNumber, attempt, dimension));
        }
        return _tree.Compose(drawn);
    }

    private double Unit(int trialNumber, int attempt, int dimension)
    {
        if (space.Sampler.Type == SamplerType.Sobol && attempt == 0 && dimension < SobolSequence.MaxDimensions)
            return SobolSequence.Scrambled(space.Seed, (uint)trialNumber, dimension);
        return CounterRandom.Uniform(space.Seed, ((ulong)trialNumber << 20) + (ulong)attempt, (ulong)dimension);
    }

    /// <param name="Found">Null if nothing was, and then <paramref name="Refusals"/> says why.</param>
    private sealed record Outcome(int Trial, Configuration? Found, string Refusals);
}
