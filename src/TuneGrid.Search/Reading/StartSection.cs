using System.Collections.Immutable;
using TuneGrid.Search.Reading.Json;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Reading;

/// <summary>
/// Reads configurations that people name: they give some of the searched parameters, the trainer's defaults the others. Nothing is moved
/// into the space silently.
/// </summary>
internal sealed class StartSection(NodeReader nodes, IParameterCatalog catalog)
{
    /// <summary>The word for the trainer's own configuration; in a recorded space the key before what that was.</summary>
    public const string Defaults = "defaults";

    private const int MostPoints = 1000;
    private const string Example = "[\"defaults\", { \"width\": 192 }]";

    private readonly Dictionary<string, ParameterDescription> _known = catalog.Parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);

    /// <summary>Returns the start points of a space that was read without a mistake so far.</summary>
    public ImmutableArray<StartPoint> Read(LocatedNode node, SearchSpace space)
    {
        if (node.Kind != NodeKind.Array)
        {
            nodes.Problems.Add(node.Place, $"expected an array of start points such as {Example}, not {node}");
            return [];
        }
        if (node.Items.Count > Math.Min(space.Trials, MostPoints))
        {
            var most = space.Trials < MostPoints ? $"only {space.Trials} trials" : $"more than {MostPoints}";
            nodes.Problems.Add(node.Place, $"{node.Items.Count} start points are {most}: expected each to be one of the trials");
            return [];
        }
        var points = new List<StartPoint>();
        foreach (var item in node.Items)
        {
            if (Point(item, space) is not { } point)
                continue;
            var same = points.FindIndex(p => p.Configuration.Equals(point.Configuration));
            if (same >= 0)
                nodes.Problems.Add(item.Place, $"it is the same as start point {same + 1}: {point.Configuration}");
            points.Add(point);
        }
        return [.. points];
    }

    /// <summary>Returns the configuration that has these values and else the trainer's, or null with what is wrong.</summary>
    /// <param name="place">Of the whole.</param>
    public Configuration? Complete(Place place, IReadOnlyList<LocatedMember> given, SearchSpace space)
    {
        var values = Given(given, space);
        if (values is null || Chosen(place, values, space) is not { } chosen)
            return null;
        foreach (var member in given.Where(m => !chosen.ContainsKey(m.Name)))
        {
            var when = space.Parameters.First(p => p.Name == member.Name).When!;
            nodes.Problems.Add(
                member.Place, $"'{member.Name}' exists only while {when.Parameter} is {string.Join(" or ", when.Values)}: leave it out");
            return null;
        }
        var configuration = new Configuration(
        [
            .. space.Parameters.Where(p => chosen.ContainsKey(p.Name)).Select(p => KeyValuePair.Create(p.Name, chosen[p.Name])),
            .. space.Fixed,
        ]);
        var unmet = space.Constraints.FirstOrDefault(c => !c.IsMet(configuration, catalog));
        if ((unmet is null ? catalog.Refuse(configuration) : $"it does not meet '{unmet}'") is not { } refusal)
            return configuration;
        nodes.Problems.Add(place, $"no trial can have {configuration}: {refusal}");
        return null;
    }

    private StartPoint? Point(LocatedNode item, SearchSpace space)
    {
        if (item is { Kind: NodeKind.Text, Raw: Defaults })
            return Complete(item.Place, [], space) is { } defaults ? new(defaults, true) : null;
        if (item.Kind != NodeKind.Object)
        {
            nodes.Problems.Add(
                item.Place, $"expected \"{Defaults}\" or an object such as {{ \"width\": 192 }}, not {item}",
                item.Kind == NodeKind.Text ? NearestName.Find(item.Raw, [Defaults]) : null);
            return null;
        }
        var isRecorded = item.Members is [{ Name: Defaults, Value.Kind: NodeKind.Object }];
        var members = isRecorded ? item.Members[0].Value.Members : item.Members;
        return Complete(item.Place, members, space) is { } configuration ? new(configuration, isRecorded) : null;
    }

    private Dictionary<string, ParameterValue>? Given(IReadOnlyList<LocatedMember> given, SearchSpace space)
    {
        var (values, isSound) = (new Dictionary<string, ParameterValue>(StringComparer.Ordinal), true);
        foreach (var member in given)
        {
            if (Value(member, space) is not { } value)
                isSound = false;
            else if (!values.TryAdd(member.Name, value))
                isSound = Wrong(member.Place, $"'{member.Name}' is given twice: expected it once");
        }
        return isSound ? values : null;
    }

    private ParameterValue? Value(LocatedMember member, SearchSpace space)
    {
        var parameter = space.Parameters.FirstOrDefault(p => p.Name == member.Name);
        if (parameter is null && !space.Fixed.ContainsKey(member.Name))
        {
            var names = space.Parameters.Select(p => p.Name).ToList();
            var what = _known.ContainsKey(member.Name) ? "is not searched in this space" : "is unknown";
            Wrong(
                member.Place, $"the parameter '{Quoted.Shorten(member.Name)}' {what}: expected one of {string.Join(", ", names)}",
                NearestName.Find(member.Name, names));
            return null;
        }
        if (nodes.Value(member.Value, _known[member.Name]) is not { } value)
            return null;
        if (parameter is null && space.Fixed[member.Name] != value)
            Wrong(member.Place, $"'{member.Name}' is {space.Fixed[member.Name]} in every trial of this space, not {value}");
        else if (parameter is null || AllowedValues.Has(parameter, value))
            return value;
        else
            Wrong(member.Place, $"{Outside(parameter, value)}");
        return null;
    }

    /// <summary>A parameter may stand before the one it depends on, so passes repeat until nothing is added any more.</summary>
    private Dictionary<string, ParameterValue>? Chosen(Place place, Dictionary<string, ParameterValue> given, SearchSpace space)
    {
        var (chosen, isSound) = (new Dictionary<string, ParameterValue>(space.Fixed, StringComparer.Ordinal), true);
        for (var added = true; added;)
        {
            added = false;
            foreach (var parameter in space.Parameters.Where(p => !chosen.ContainsKey(p.Name) && Exists(p, chosen)))
            {
                var value = given.TryGetValue(parameter.Name, out var own) ? own : _known[parameter.Name].Default;
                if (!AllowedValues.Has(parameter, value))
                    isSound = Wrong(place, $"the trainer's default {Outside(parameter, value)}");
                chosen.Add(parameter.Name, value);
                added = true;
            }
        }
        return isSound ? chosen : null;
    }

    private static bool Exists(Parameter parameter, Dictionary<string, ParameterValue> chosen) =>
        parameter.When is not { } when || (chosen.TryGetValue(when.Parameter, out var value) && when.Values.Contains(value));

    private static string Outside(Parameter parameter, ParameterValue value)
    {
        var nearest = AllowedValues.Nearest(parameter, value) is { } near ? $"; the nearest is {near}" : "";
        return $"{parameter.Name} {value} is not in this space: expected {AllowedValues.Text(parameter)}{nearest}";
    }

    private bool Wrong(Place place, string message, string? nearest = null)
    {
        nodes.Problems.Add(place, message, nearest);
        return false;
    }
}
