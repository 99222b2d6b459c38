using System.Collections.Immutable;
using TuneGrid.Search.Randomness;
using TuneGrid.Search.Space;
using TuneGrid.Search.Space.Expressions;

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

    private readonly int[] _parents =
        [.. space.Parameters.Select(p => space.Parameters.ToList().FindIndex(q => q.Name == p.When?.Parameter))];

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
        // What refused the last draw is asked first: most draws are refused, and often by the same one. In each trial's own order, so that
        // the effort depends on nothing but the trial.
        var constraints = space.Constraints.ToList();
        var effort = 0L;
        for (var attempt = 0; attempt < MostAttempts && effort < MostEffort; attempt++)
        {
            var candidate = new Candidate(PointOf(trialNumber, attempt), catalog);
            var refusal = Refusal(candidate, constraints);
            if (refusal is null)
                return new(trialNumber, candidate.Configuration, "");
            refusals.Add(refusal);
            effort += DrawCost + (ParameterCost * space.Parameters.Length) + candidate.Cost;
        }
        return new(trialNumber, null, refusals.ToString());
    }

    private static string? Refusal(Candidate candidate, List<Constraint> constraints)
    {
        for (var i = 0; i < constraints.Count; i++)
        {
            var constraint = constraints[i];
            if (candidate.Meets(constraint))
                continue;
            constraints.RemoveAt(i);
            constraints.Insert(0, constraint);
            return constraint.Text;
        }
        return candidate.Refusal();
    }

    private Configuration PointOf(int trialNumber, int attempt)
    {
        var parameters = space.Parameters;
        var drawn = new ParameterValue?[parameters.Length];
        // A parameter may stand before the one it depends on, so passes repeat until nothing is added any more.
        for (var added = true; added;)
        {
            added = false;
            for (var dimension = 0; dimension < parameters.Length; dimension++)
            {
                if (drawn[dimension] is not null || !Exists(dimension, drawn))
                    continue;
                drawn[dimension] = UnitMapping.ToValue(parameters[dimension], Unit(trialNumber, attempt, dimension));
                added = true;
            }
        }
        var values = ImmutableArray.CreateBuilder<KeyValuePair<string, ParameterValue>>(parameters.Length + space.Fixed.Count);
        for (var dimension = 0; dimension < parameters.Length; dimension++)
        {
            if (drawn[dimension] is { } value)
                values.Add(new(parameters[dimension].Name, value));
        }
        values.AddRange(space.Fixed);
        return new(values.ToImmutable());
    }

    private bool Exists(int dimension, ParameterValue?[] drawn)
    {
        if (space.Parameters[dimension].When is not { } when)
            return true;
        var value = _parents[dimension] >= 0 ? drawn[_parents[dimension]]
            : space.Fixed.TryGetValue(when.Parameter, out var always) ? always
            : null;
        return value is { } known && when.Values.Contains(known);
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
