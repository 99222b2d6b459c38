using System.Collections.Immutable;
using TuneGrid.Search.Randomness;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>Makes samplers from what a space says.</summary>
public static class Samplers
{
    /// <summary>Returns the sampler that the space asks for.</summary>
    public static ISampler Create(SearchSpace space, IParameterCatalog catalog) => new SpaceSampler(space, catalog);
}

/// <summary>
/// Draws the trial's point in the unit cube, maps it onto the parameters and redraws what no model can be built from. Redraws are random
/// even for Sobol, whose next point belongs to the next trial.
/// </summary>
internal sealed class SpaceSampler(SearchSpace space, IParameterCatalog catalog) : ISampler
{
    private const int MaxAttempts = 10_000;

    public Configuration Sample(int trialNumber)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var configuration = Draw(trialNumber, attempt);
            if (WhyInfeasible(configuration) is null)
                return configuration;
        }
        throw new UnsatisfiableSpaceException(Explain(trialNumber));
    }

    private Configuration Draw(int trialNumber, int attempt)
    {
        var values = new Dictionary<string, ParameterValue>();
        foreach (var (name, value) in space.Fixed)
            values[name] = value;
        // A parameter may stand before the one it depends on, so passes repeat until nothing is added any more.
        for (var added = true; added;)
        {
            added = false;
            for (var dimension = 0; dimension < space.Parameters.Length; dimension++)
            {
                var parameter = space.Parameters[dimension];
                if (values.ContainsKey(parameter.Name) || !Exists(parameter, values))
                    continue;
                values[parameter.Name] = UnitMapping.ToValue(parameter, Unit(trialNumber, attempt, dimension));
                added = true;
            }
        }
        var names = space.Parameters.Select(p => p.Name).Concat(space.Fixed.Keys);
        return new(names.Where(values.ContainsKey).Select(n => KeyValuePair.Create(n, values[n])).ToImmutableArray());
    }

    private static bool Exists(Parameter parameter, Dictionary<string, ParameterValue> values)
        => parameter.When is not { } when || (values.TryGetValue(when.Parameter, out var value) && when.Values.Contains(value));

    private double Unit(int trialNumber, int attempt, int dimension)
    {
        if (space.Sampler.Type == SamplerType.Sobol && attempt == 0 && dimension < SobolSequence.MaxDimensions)
            return SobolSequence.Scrambled(space.Seed, (uint)trialNumber, dimension);
        return CounterRandom.Uniform(space.Seed, ((ulong)trialNumber << 20) + (ulong)attempt, (ulong)dimension);
    }

    private string? WhyInfeasible(Configuration configuration)
    {
        foreach (var constraint in space.Constraints)
        {
            if (!constraint.IsMet(configuration, catalog))
                return constraint.Text;
        }
        return catalog.Refuse(configuration);
    }

    private string Explain(int trialNumber)
    {
        var commonest = Enumerable.Range(0, 1000)
            .Select(attempt => WhyInfeasible(Draw(trialNumber, attempt))!)
            .GroupBy(reason => reason)
            .OrderByDescending(group => group.Count())
            .First();
        var percent = commonest.Count() / 10.0;
        return FormattableString.Invariant(
            $"no feasible configuration in {MaxAttempts} draws; {percent:F0} % are refused by: {commonest.Key}");
    }
}
