using TuneGrid.Search.Reading.Json;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Reading;

/// <summary>Reads where a parameter's good values are expected.</summary>
internal sealed class PriorSection(NodeReader nodes)
{
    public const string Key = "prior";

    private static readonly NamedValues<PriorConfidence> Confidences =
        new([("low", PriorConfidence.Low), ("medium", PriorConfidence.Medium), ("high", PriorConfidence.High)]);

    public static string NameOf(PriorConfidence confidence) => Confidences.NameOf(confidence);

    /// <summary>Returns the parameter with the prior that stands in its node, if one does.</summary>
    public Parameter Read(LocatedNode node, Parameter parameter, ParameterDescription description)
    {
        if (node.Find(Key) is not { } prior || !nodes.IsObject(prior, "value", "confidence"))
            return parameter;
        var value = nodes.Require(prior, "value", $"\"value\": {description.Default.ToJson().ToJsonString()}") is { } given
            ? Value(given, parameter, description) : null;
        var confidence = prior.Find("confidence") is { } name ? nodes.Name(name, Confidences.Names) : "medium";
        return value is { } v && confidence is not null ? parameter with { Prior = new(v, Confidences.Find(confidence)) } : parameter;
    }

    private ParameterValue? Value(LocatedNode node, Parameter parameter, ParameterDescription description)
    {
        if (nodes.Value(node, description) is not { } value)
            return null;
        if (AllowedValues.Has(parameter, value))
            return value;
        var nearest = AllowedValues.Nearest(parameter, value) is { } near ? $"; {near} is near" : "";
        var allowed = AllowedValues.Text(parameter);
        nodes.Problems.Add(node.Place, $"'{parameter.Name}' is never {value} in this space, only {allowed}{nearest}");
        return null;
    }
}
