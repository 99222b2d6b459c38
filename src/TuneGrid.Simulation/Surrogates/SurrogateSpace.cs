using System.Collections.Immutable;
using System.Text.Json;
using TuneGrid.Search.Space;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Simulation.Surrogates;

/// <summary>What a surrogate's JSON file says: its parameters, the known default, what failures cost, how noisy a training is.</summary>
/// <param name="Default">The configuration that everybody knows.</param>
/// <param name="PowersOfTwo">Parameters that are rounded to powers of two before training.</param>
/// <param name="FailedSeconds">What a failure takes, by depth from the smallest on.</param>
/// <param name="Noise">Standard deviations from run to run, each below a score; ascending.</param>
/// <param name="Features">How many numbers the trees look at.</param>
public sealed record SurrogateSpace(
    ImmutableArray<Parameter> Parameters, Configuration Default, IReadOnlySet<string> PowersOfTwo, IReadOnlyList<double> FailedSeconds,
    IReadOnlyList<(double Below, double Deviation)> Noise, int Features)
{
    /// <summary>Returns what the file says.</summary>
    /// <param name="name">What it is called in errors.</param>
    /// <exception cref="TableFormatException">It says something else.</exception>
    public static SurrogateSpace Read(string name, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var parameters = root.GetProperty("parameters").EnumerateArray().ToList();
            var space = new SurrogateSpace(
                [.. parameters.Select(ParameterOf)], Configuration.Empty,
                parameters.Where(p => p.TryGetProperty("power_of_two", out var is2) && is2.GetBoolean()).Select(NameOf).ToHashSet(),
                [.. root.GetProperty("failed_seconds_by_depth").EnumerateArray().Select(s => s.GetDouble())],
                [.. root.GetProperty("noise").EnumerateArray()
                    .Select(n => (n.GetProperty("below").GetDouble(), n.GetProperty("sd").GetDouble()))],
                root.GetProperty("features").GetArrayLength());
            var known = root.GetProperty("default");
            return space with
            {
                Default = new([.. space.Parameters.Select(p => KeyValuePair.Create(p.Name, space.Value(p, known.GetProperty(p.Name))))]),
            };
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new TableFormatException($"'{name}' is no surrogate's space: {fault.Message}");
        }
    }

    /// <summary>Returns a parameter's value from JSON.</summary>
    internal ParameterValue Value(Parameter parameter, JsonElement value) => parameter switch
    {
        IntParameter => ParameterValue.Of(value.GetInt64()),
        FloatParameter => ParameterValue.Of(value.GetDouble()),
        _ => ParameterValue.Of(value.GetString()!),
    };

    private static string NameOf(JsonElement parameter) => parameter.GetProperty("name").GetString()!;

    private static Parameter ParameterOf(JsonElement parameter)
    {
        var name = NameOf(parameter);
        var type = parameter.GetProperty("type").GetString();
        if (type == "categorical")
        {
            return new ChoiceParameter(
                name, [.. parameter.GetProperty("choices").EnumerateArray().Select(c => ParameterValue.Of(c.GetString()!))], null);
        }
        var (low, high) = (parameter.GetProperty("low"), parameter.GetProperty("high"));
        var isLog = parameter.GetProperty("log").GetBoolean();
        return type switch
        {
            "int" => new IntParameter(name, low.GetInt64(), high.GetInt64(), 1, isLog, null),
            "float" => new FloatParameter(name, low.GetDouble(), high.GetDouble(), null, isLog, null),
            _ => throw new FormatException($"parameter {name} has type '{type}'; expected int, float or categorical"),
        };
    }
}
