using System.Collections.Immutable;
using TuneGrid.Search.Space;

namespace TuneGrid.Simulation.Tables;

/// <summary>The catalog of parameters that no trainer has: any value of the space can be trained, and nothing is derived.</summary>
/// <param name="parameters">Those of the space.</param>
/// <param name="defaults">A value for each, and for parameters that are not searched.</param>
internal sealed class PlainCatalog(ImmutableArray<Parameter> parameters, Configuration defaults) : IParameterCatalog
{
    public IReadOnlyList<ParameterDescription> Parameters { get; } = [
        .. defaults.Select(known => Describe(parameters.FirstOrDefault(p => p.Name == known.Key), known.Key, known.Value)),
    ];

    public IReadOnlyList<string> DerivedNames => [];

    public double Derive(string name, Configuration configuration) =>
        throw new ArgumentException($"nothing is derived, not even '{name}'", nameof(name));

    public string? Refuse(Configuration configuration) => null;

    private static ParameterDescription Describe(Parameter? parameter, string name, ParameterValue known) => parameter switch
    {
        IntParameter p => new(name, ValueKind.Integer, known, p.Minimum, p.Maximum, [], name),
        FloatParameter p => new(name, ValueKind.Real, known, p.Minimum, p.Maximum, [], name),
        ChoiceParameter p => new(name, known.Kind, known, 0, 0, [.. p.Values.Select(v => v.ToString())], name),
        _ => new(name, known.Kind, known, Number(known), Number(known), [], name),
    };

    private static double Number(ParameterValue value) => value.Kind == ValueKind.Text ? 0 : value.Number;
}
