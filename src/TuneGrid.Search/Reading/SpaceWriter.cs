using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Reading;

/// <summary>Writes a space as the file that reads back to it, every default spelled out.</summary>
internal static class SpaceWriter
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(SearchSpace space)
    {
        var goal = space.Objective.Goal == Goal.Minimize ? "minimize" : "maximize";
        var scheduler = new JsonObject
        {
            ["type"] = RunSection.NameOf(space.Scheduler.Type),
            ["eta"] = space.Scheduler.Eta,
            ["rungs"] = space.Scheduler.Rungs,
        };
        var disturbance = new JsonObject
        {
            ["policy"] = RunSection.NameOf(space.Disturbance.Policy),
            ["share"] = space.Disturbance.Share,
        };
        var file = new JsonObject
        {
            ["name"] = space.Name,
            ["corpus"] = space.Corpus,
            ["objective"] = new JsonObject { ["metric"] = space.Objective.Metric, ["goal"] = goal },
            ["budget"] = new JsonObject { [RunSection.NameOf(space.Budget.Kind)] = space.Budget.Amount },
            ["scheduler"] = scheduler,
            ["sampler"] = new JsonObject { ["type"] = RunSection.NameOf(space.Sampler.Type) },
            ["disturbance"] = disturbance,
            ["keep"] = RunSection.NameOf(space.Keep),
            ["trials"] = space.Trials,
            ["seed"] = space.Seed,
            ["parameters"] = new JsonObject(space.Parameters.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Write(p)))),
            ["fixed"] = space.Fixed.ToJson(),
            ["constraints"] = new JsonArray([.. space.Constraints.Select(c => JsonValue.Create(c.Text))]),
        };
        if (space.Finalists is { } finalists)
            file["finalists"] = new JsonObject { ["count"] = finalists.Count, ["repeats"] = finalists.Repeats };
        if (space.Note is { } note)
            file.Insert(1, "note", note);
        if (!space.StartPoints.IsEmpty)
            (file["start"], file["control"]) = (new JsonArray([.. space.StartPoints.Select(p => Write(p, space))]), space.Control);
        if (space.StopAfter is { } length)
            file["stop"] = new JsonObject { ["after"] = Durations.Text(length) };
        return file.ToJsonString(Indented);
    }

    private static JsonObject Write(Parameter parameter)
    {
        var node = parameter switch
        {
            IntParameter p => Range("int", p.Minimum, p.Maximum, p.Step, p.LogScale),
            FloatParameter p => Range("float", p.Minimum, p.Maximum, p.Step, p.LogScale),
            ChoiceParameter p => new JsonObject { ["type"] = "choice", ["values"] = Write(p.Values) },
            _ => new JsonObject { ["type"] = "bool" },
        };
        if (parameter.When is { } when)
            node["when"] = new JsonObject { [when.Parameter] = Write(when.Values) };
        if (parameter.Prior is { } prior)
            node["prior"] = Write(prior);
        return node;
    }

    /// <summary>Every value is spelled out: what the trainer does by itself may be something else in a later release.</summary>
    private static JsonObject Write(StartPoint point, SearchSpace space)
    {
        var values = new JsonObject(
            point.Configuration.Where(v => !space.Fixed.ContainsKey(v.Key))
                .Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value.ToJson())));
        return point.IsDefaults ? new JsonObject { [StartSection.Defaults] = values } : values;
    }

    private static JsonObject Write(ParameterPrior prior) =>
        new() { ["value"] = prior.Value.ToJson(), ["confidence"] = PriorSection.NameOf(prior.Confidence) };

    private static JsonObject Range(string type, double minimum, double maximum, double? step, bool isLog)
    {
        var node = new JsonObject { ["type"] = type, ["min"] = minimum, ["max"] = maximum };
        if (step is not null)
            node["step"] = step;
        node["scale"] = isLog ? "log" : "linear";
        return node;
    }

    private static JsonArray Write(IEnumerable<ParameterValue> values) => new([.. values.Select(v => v.ToJson())]);
}
