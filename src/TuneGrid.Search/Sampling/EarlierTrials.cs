using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>What a study over one space can learn from a study over another.</summary>
public static class EarlierTrials
{
    /// <summary>As many scores make a rung that ranks trials.</summary>
    private const int Enough = 3;

    /// <summary>
    /// Returns the best third of a history's trials, the best first, with those of their values that the space searches too; none if there
    /// are no such values, or no scores.
    /// </summary>
    public static IReadOnlyList<EarlierTrial> Of(SearchHistory earlier, SearchSpace space)
    {
        var ranked = RankedHistory.Of(earlier, Enough).Scored;
        var best = (ranked.Count + 2) / 3;
        return
        [
            .. ranked.Take(best)
                .Select((place, rank) => new EarlierTrial(
                    Shared(earlier.Trials[place].Configuration, space), rank / Math.Max(1.0, ranked.Count - 1)))
                .Where(t => t.Configuration.Count > 0),
        ];
    }

    private static Configuration Shared(Configuration earlier, SearchSpace space) =>
        new([.. earlier.Where(v => space.Parameters.Any(p => p.Name == v.Key && IsOfItsKind(p, v.Value)))]);

    private static bool IsOfItsKind(Parameter parameter, ParameterValue value) => parameter switch
    {
        IntParameter or FloatParameter => value.Kind is ValueKind.Integer or ValueKind.Real,
        ChoiceParameter p when p.Values[0].Kind is ValueKind.Integer or ValueKind.Real => value.Kind is ValueKind.Integer or ValueKind.Real,
        ChoiceParameter p => p.Values.Contains(value),
        _ => value.Kind == ValueKind.Boolean,
    };
}
