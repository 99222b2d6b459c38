using TuneGrid.Search.Space;

namespace TuneGrid.Simulation.Synthetic;

/// <summary>The way from a configuration of any space to its point in the unit cube.</summary>
internal static class ConfigurationUnit
{
    private const double Absent = 0.5;

    /// <summary>Returns a number in [0, 1] for each parameter; 0.5 for one that the configuration lacks by its condition.</summary>
    public static double[] Of(SearchSpace space, Configuration configuration) =>
        [.. space.Parameters.Select(p => configuration.TryGetValue(p.Name, out var value) ? Of(p, value) : Absent)];

    private static double Of(Parameter parameter, ParameterValue value) => parameter switch
    {
        IntParameter p => Between(p.Minimum, p.Maximum, value.Number, p.LogScale),
        FloatParameter p => Between(p.Minimum, p.Maximum, value.Number, p.LogScale),
        ChoiceParameter p => Between(0, p.Values.Length - 1, Math.Max(0, p.Values.IndexOf(value)), false),
        _ => value.Number,
    };

    private static double Between(double low, double high, double value, bool isLog) =>
        high <= low ? Absent
        : isLog ? Math.Clamp(Math.Log(value / low) / Math.Log(high / low), 0, 1)
        : Math.Clamp((value - low) / (high - low), 0, 1);
}
