using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Analysis;

/// <summary>Makes the file of a narrower search space around a configuration that did well.</summary>
public static class NarrowedSpace
{
    private const int LongestName = 64;

    /// <summary>
    /// Returns the file with every range divided by a factor on its own scale around the center, inside its old bounds and on its old
    /// steps, and with choices between numbers cut down to the center's neighbours. Choices between texts, and parameters that others
    /// depend on or that the center does not have, stay as they are. The center is its only start point.
    /// </summary>
    /// <param name="space">The old space.</param>
    /// <param name="json">Its file, every default spelled out.</param>
    /// <param name="center">A configuration of it.</param>
    /// <param name="factor">At least 1.</param>
    public static string Around(SearchSpace space, string json, Configuration center, double factor)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        const string Suffix = "-around";
        root["name"] = space.Name[..Math.Min(space.Name.Length, LongestName - Suffix.Length)] + Suffix;
        var parameters = root["parameters"]!.AsObject();
        foreach (var parameter in space.Parameters)
        {
            var node = parameters[parameter.Name]!.AsObject();
            if (!center.TryGetValue(parameter.Name, out var value))
                continue;
            if (node["prior"] is JsonObject prior)
                prior["value"] = value.ToJson();
            if (!space.Parameters.Any(p => p.When?.Parameter == parameter.Name))
                Narrow(parameter, node, value, factor);
        }
        root["start"] = new JsonArray(new JsonObject(Searched(space, center)));
        return root.ToJsonString(new() { WriteIndented = true });
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Searched(SearchSpace space, Configuration center) =>
        from parameter in space.Parameters
        where center.ContainsKey(parameter.Name)
        select KeyValuePair.Create(parameter.Name, (JsonNode?)center[parameter.Name].ToJson());

    private static void Narrow(Parameter parameter, JsonObject node, ParameterValue value, double factor)
    {
        switch (parameter)
        {
            case IntParameter p:
                var (first, last) = NarrowedRange.OfSteps(p.Minimum, p.Maximum, p.Step, p.LogScale, value.Number, factor);
                (node["min"], node["max"]) = (p.Minimum + (p.Step * first), p.Minimum + (p.Step * last));
                break;
            case FloatParameter { Step: { } step } p:
                var (from, to) = NarrowedRange.OfSteps(p.Minimum, p.Maximum, step, false, value.Number, factor);
                (node["min"], node["max"]) = (Tidy(p.Minimum + (step * from)), Math.Min(p.Maximum, Tidy(p.Minimum + (step * to))));
                break;
            case FloatParameter p:
                var (low, high) = NarrowedRange.Of(p.Minimum, p.Maximum, p.LogScale, value.Number, factor);
                (node["min"], node["max"]) = (low, high);
                break;
            case ChoiceParameter p when p.Values.All(v => v.Kind is ValueKind.Integer or ValueKind.Real):
                var sorted = p.Values.Select(v => v.Number).Order().ToList();
                var nearest = sorted.MinBy(v => Math.Abs(v - value.Number));
                var (least, greatest) = NarrowedRange.OfSteps(0, sorted.Count - 1, 1, false, sorted.IndexOf(nearest), factor);
                var kept = p.Values.Where(v => v.Number >= sorted[(int)least] && v.Number <= sorted[(int)greatest]);
                node["values"] = new JsonArray([.. kept.Select(v => v.ToJson())]);
                break;
        }
    }

    /// <summary>Sums of steps end in digits that nobody wrote.</summary>
    private static double Tidy(double value) =>
        double.Parse(value.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
