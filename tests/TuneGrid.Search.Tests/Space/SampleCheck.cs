using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Space;

/// <summary>Whether a configuration belongs to a space, written from the definition and not from the sampler.</summary>
internal static class SampleCheck
{
    public static void Holds(SearchSpace space, Configuration configuration)
    {
        foreach (var parameter in space.Parameters)
        {
            var exists = parameter.When is not { } when
                || (configuration.TryGetValue(when.Parameter, out var parent) && when.Values.Contains(parent));
            Assert.Equal(exists, configuration.ContainsKey(parameter.Name));
            if (exists)
                Assert.True(IsIn(parameter, configuration[parameter.Name]), $"{parameter} drew {configuration[parameter.Name]}");
        }
        foreach (var (name, value) in space.Fixed)
            Assert.Equal(value, configuration[name]);
        Assert.All(space.Constraints, c => Assert.True(c.IsMet(configuration, FakeCatalog.Instance), $"{configuration} violates {c}"));
        Assert.Null(FakeCatalog.Instance.Refuse(configuration));
    }

    private static bool IsIn(Parameter parameter, ParameterValue value) => parameter switch
    {
        IntParameter p => value.Kind == ValueKind.Integer
            && value.Number >= p.Minimum && value.Number <= p.Maximum
            && (value.Number - p.Minimum) % p.Step == 0,
        FloatParameter p => value.Kind == ValueKind.Real
            && value.Number >= p.Minimum && value.Number <= p.Maximum
            && (p.Step is not { } step || IsWhole((value.Number - p.Minimum) / step)),
        ChoiceParameter p => p.Values.Contains(value),
        _ => value.Kind == ValueKind.Boolean,
    };

    private static bool IsWhole(double number) => Math.Abs(number - Math.Round(number)) < 1e-6;
}
