using System.Collections.Immutable;
using TuneGrid.Search.Reading.Json;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Reading;

/// <summary>Checks that conditions name parameters of this space, values they can have, and no circle.</summary>
internal sealed class WhenCheck(NodeReader nodes, IParameterCatalog catalog)
{
    public void Check(LocatedNode? section, ImmutableArray<Parameter> searched, Configuration fixedValues)
    {
        var byName = new Dictionary<string, Parameter>(StringComparer.Ordinal);
        foreach (var parameter in searched)
            byName.TryAdd(parameter.Name, parameter);
        foreach (var parameter in byName.Values.Where(p => p.When is not null))
        {
            var when = parameter.When!;
            var place = section!.Find(parameter.Name)!.Find("when")!.Members[0].Place;
            if (IsCircular(parameter, byName))
                nodes.Problems.Add(place, $"'{parameter.Name}' depends on itself through 'when'");
            // A parameter with mistakes of its own is in the file but not in the list: it was reported already.
            else if (section.Find(when.Parameter) is null && !fixedValues.ContainsKey(when.Parameter))
                ReportAbsentParent(place, when, section);
            else if (byName.TryGetValue(when.Parameter, out var parent))
                CheckValues(place, when, parent);
        }
    }

    private static bool IsCircular(Parameter parameter, Dictionary<string, Parameter> byName)
    {
        var at = parameter;
        for (var steps = 0; steps <= byName.Count; steps++)
        {
            if (at.When is not { } when || !byName.TryGetValue(when.Parameter, out at!))
                return false;
            if (at.Name == parameter.Name)
                return true;
        }
        // It leads into a circle further up, which is reported there.
        return false;
    }

    private void ReportAbsentParent(Place place, When when, LocatedNode section)
    {
        var always = catalog.Parameters.First(p => p.Name == when.Parameter).Default;
        nodes.Problems.Add(
            place, $"'{when.Parameter}' is neither searched nor fixed here, so it is always {always}: expected a parameter of this space",
            NearestName.Find(when.Parameter, section.Members.Select(m => m.Name)));
    }

    private void CheckValues(Place place, When when, Parameter parent)
    {
        foreach (var value in when.Values.Where(v => !CanBe(parent, v)))
        {
            var values = parent is ChoiceParameter choice ? choice.Values.Select(v => v.ToString()).ToArray() : [];
            var expected = values.Length > 0
                ? $"expected one of {string.Join(", ", values)}"
                : "expected a value in its range and on its steps";
            var message = $"'{when.Parameter}' is never {value} in this space: {expected}";
            nodes.Problems.Add(place, message, NearestName.Find(value.ToString(), values));
        }
    }

    private static bool CanBe(Parameter parameter, ParameterValue value) => parameter switch
    {
        IntParameter p => value.Number >= p.Minimum && value.Number <= p.Maximum && ((long)value.Number - p.Minimum) % p.Step == 0,
        FloatParameter p => p.Step is null ? value.Number == p.Minimum && p.Minimum == p.Maximum : IsOnStep(p, p.Step.Value, value.Number),
        ChoiceParameter p => p.Values.Contains(value),
        _ => true,
    };

    private static bool IsOnStep(FloatParameter parameter, double step, double value)
    {
        // Samples are computed as min + i * step, so a condition must name exactly that number.
        var steps = Math.Round((value - parameter.Minimum) / step);
        return steps >= 0 && Math.Min(parameter.Maximum, parameter.Minimum + (steps * step)) == value;
    }
}
