using System.Collections.Immutable;
using System.Globalization;
using TuneGrid.Search.Reading.Json;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Reading;

/// <summary>Reads the searched parameters and the fixed ones, against what the trainer knows.</summary>
internal sealed class ParameterSection(NodeReader nodes, IParameterCatalog catalog)
{
    private readonly Dictionary<string, ParameterDescription> _known = catalog.Parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);

    public ImmutableArray<Parameter> Searched(LocatedNode root)
    {
        var example = "\"parameters\": { \"width\": { \"type\": \"int\", \"min\": 64, \"max\": 384 } }";
        if (nodes.Require(root, "parameters", example) is not { } node || !IsObjectOfParameters(node))
            return [];
        if (node.Members.Count == 0)
            nodes.Problems.Add(node.Place, "nothing is searched: expected at least one parameter");
        return [.. node.Members.Select(Searched).OfType<Parameter>()];
    }

    public Configuration Fixed(LocatedNode? node, LocatedNode? searched)
    {
        var values = ImmutableArray.CreateBuilder<KeyValuePair<string, ParameterValue>>();
        if (node is null || !IsObjectOfParameters(node))
            return Configuration.Empty;
        foreach (var member in node.Members)
        {
            if (Describe(member) is not { } parameter)
                continue;
            if (searched?.Find(member.Name) is not null)
                nodes.Problems.Add(member.Place, $"'{member.Name}' is also searched under /parameters: expected it in one of the two");
            if (nodes.Value(member.Value, parameter) is { } value)
                values.Add(new(member.Name, value));
        }
        return new(values.ToImmutable());
    }

    private bool IsObjectOfParameters(LocatedNode node) => nodes.IsObject(node);

    private ParameterDescription? Describe(LocatedMember member)
    {
        if (_known.TryGetValue(member.Name, out var parameter))
            return parameter;
        var message = $"unknown parameter '{Quoted.Shorten(member.Name)}': expected one of {string.Join(", ", _known.Keys)}";
        nodes.Problems.Add(member.Place, message, NearestName.Find(member.Name, _known.Keys));
        return null;
    }

    private Parameter? Searched(LocatedMember member)
    {
        var (node, parameter) = (member.Value, Describe(member));
        if (node.Kind != NodeKind.Object)
        {
            nodes.Problems.Add(
                node.Place, $"expected an object such as {Example(parameter)}, not {node}; a single value belongs under /fixed");
            return null;
        }
        var types = TypesOf(parameter);
        var type = nodes.Require(node, "type", $"\"type\": \"{types[0]}\"") is { } t ? nodes.Name(t, types) : null;
        nodes.IsObject(node, KeysOf(type));
        if (parameter is null || type is null)
            return null;
        var when = node.Find("when") is { } w ? When(w) : null;
        Parameter? searched = type switch
        {
            "int" => Integer(node, parameter, when),
            "float" => Real(node, parameter, when),
            "choice" => Choice(node, parameter, when),
            _ => new BoolParameter(parameter.Name, when),
        };
        return searched is null or ChoiceParameter { Values.Length: 0 } ? searched
            : new PriorSection(nodes).Read(node, searched, parameter);
    }

    private static string[] TypesOf(ParameterDescription? parameter) => parameter?.Kind switch
    {
        ValueKind.Integer => ["int", "choice"],
        ValueKind.Real => ["float", "choice"],
        ValueKind.Boolean => ["bool", "choice"],
        ValueKind.Text => ["choice"],
        _ => ["int", "float", "choice", "bool"],
    };

    private static string[] KeysOf(string? type) => type switch
    {
        "int" or "float" => ["type", "min", "max", "step", "scale", "when", PriorSection.Key],
        "choice" => ["type", "values", "when", PriorSection.Key],
        "bool" => ["type", "when", PriorSection.Key],
        _ => ["type", "min", "max", "step", "scale", "values", "when", PriorSection.Key],
    };

    private static string Example(ParameterDescription? parameter) => TypesOf(parameter)[0] switch
    {
        "int" => "{ \"type\": \"int\", \"min\": 1, \"max\": 8 }",
        "float" => "{ \"type\": \"float\", \"min\": 0.001, \"max\": 0.01 }",
        "bool" => "{ \"type\": \"bool\" }",
        _ => "{ \"type\": \"choice\", \"values\": [...] }",
    };

    private IntParameter? Integer(LocatedNode node, ParameterDescription parameter, When? when)
    {
        var minimum = Bound("min", "\"min\": 1");
        var maximum = Bound("max", "\"max\": 8");
        var step = node.Find("step") is { } s ? nodes.Whole(s, 1, NodeReader.LargestWhole) : 1;
        if (!Scale(node, minimum, out var isLog) || minimum is not { } min || maximum is not { } max || step is not { } by)
            return null;
        if (!IsAscending(node, min, max))
            return null;
        if ((max - min) % by != 0)
            ReportUnevenStep(node, by, min, min + ((max - min) / by * by), min + (((max - min) / by) + 1) * by, max);
        return new(parameter.Name, min, max, by, isLog, when);

        long? Bound(string key, string example) =>
            nodes.Require(node, key, example) is { } bound ? nodes.Whole(bound, parameter.Minimum, parameter.Maximum) : null;
    }

    private FloatParameter? Real(LocatedNode node, ParameterDescription parameter, When? when)
    {
        var minimum = Bound("min", "\"min\": 0.001");
        var maximum = Bound("max", "\"max\": 0.01");
        var step = node.Find("step") is { } s ? nodes.Number(s, 1e-12, double.MaxValue) : null;
        if (!Scale(node, minimum, out var isLog) || minimum is not { } min || maximum is not { } max || !IsAscending(node, min, max))
            return null;
        if (step is { } by)
        {
            if (isLog)
                nodes.Problems.Add(node.Find("step")!.Place, "a float on a log scale has no even step: expected step or scale, not both");
            var steps = (max - min) / by;
            if (Math.Abs(steps - Math.Round(steps)) > 1e-6 || steps > int.MaxValue)
                ReportUnevenStep(node, by, min, min + (Math.Floor(steps) * by), min + ((Math.Floor(steps) + 1) * by), max);
        }
        return new(parameter.Name, min, max, step, isLog, when);

        double? Bound(string key, string example) =>
            nodes.Require(node, key, example) is { } bound ? nodes.Number(bound, parameter.Minimum, parameter.Maximum) : null;
    }

    private ChoiceParameter? Choice(LocatedNode node, ParameterDescription parameter, When? when)
    {
        if (nodes.Require(node, "values", "\"values\": [...]") is not { } list)
            return null;
        if (list.Kind != NodeKind.Array || list.Items.Count == 0)
        {
            nodes.Problems.Add(
                list.Place,
                list.Kind == NodeKind.Array ? "no choices: expected at least one value" : $"expected an array of values, not {list}");
            return null;
        }
        var values = new List<ParameterValue>();
        var seen = new HashSet<ParameterValue>();
        foreach (var item in list.Items)
        {
            if (nodes.Value(item, parameter) is not { } value)
                continue;
            if (seen.Add(value))
                values.Add(value);
            else
                nodes.Problems.Add(item.Place, $"{item} is given twice: expected each value once");
        }
        return new(parameter.Name, [.. values], when);
    }

    private When? When(LocatedNode node)
    {
        if (node is not { Kind: NodeKind.Object, Members.Count: 1 })
        {
            nodes.Problems.Add(
                node.Place,
                "expected one other parameter and the values under which this one exists, for example { \"optimizer\": \"muon\" }");
            return null;
        }
        var member = node.Members[0];
        if (Describe(member) is not { } parameter)
            return null;
        var items = member.Value.Kind == NodeKind.Array ? member.Value.Items : [member.Value];
        if (items.Count == 0)
            nodes.Problems.Add(member.Value.Place, "no values: expected at least one");
        return new(parameter.Name, [.. items.Select(i => nodes.Value(i, parameter)).OfType<ParameterValue>()]);
    }

    private bool Scale(LocatedNode node, double? minimum, out bool isLog)
    {
        var scale = node.Find("scale");
        isLog = scale is not null && nodes.Name(scale, "linear", "log") == "log";
        if (!isLog || minimum is not <= 0)
            return true;
        nodes.Problems.Add(
            node.Find("min")!.Place,
            string.Create(CultureInfo.InvariantCulture, $"a log scale needs a min above 0, not {minimum}"));
        return false;
    }

    private bool IsAscending(LocatedNode node, double minimum, double maximum)
    {
        if (minimum <= maximum)
            return true;
        nodes.Problems.Add(
            node.Find("max")!.Place,
            string.Create(CultureInfo.InvariantCulture, $"max {maximum} is below min {minimum}: expected min <= max"));
        return false;
    }

    private void ReportUnevenStep(LocatedNode node, double step, double minimum, double below, double above, double maximum) =>
        nodes.Problems.Add(
            node.Find("step")!.Place,
            string.Create(
                CultureInfo.InvariantCulture,
                $"step {step} does not fit: from {minimum} it reaches {below} and {above}, not max {maximum}"));
}
