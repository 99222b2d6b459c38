using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Search.Randomness;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Space;

/// <summary>
/// A valid search space file for every seed: all kinds of parameters, scales, steps, conditions, schedulers and samplers.
/// </summary>
internal static class ArbitrarySpace
{
    public static string Json(ulong seed)
    {
        var next = 0ul;
        long Whole(long low, long high) => low + (long)(CounterRandom.Uniform(seed, 77, next++) * (high - low + 1));
        T Pick<T>(params T[] options) => options[Whole(0, options.Length - 1)];

        var file = new JsonObject { ["parameters"] = new JsonObject(), ["fixed"] = new JsonObject() };
        file["budget"] = new JsonObject { [Pick("seconds", "tokens", "steps", "joules")] = Whole(729, 100_000) };
        file["scheduler"] = new JsonObject
        {
            ["type"] = Pick("asha", "successive_halving", "hyperband", "random"),
            ["eta"] = Whole(2, 3),
            ["rungs"] = Whole(1, 6),
        };
        file["sampler"] = new JsonObject { ["type"] = Pick("random", "sobol", "tpe", "priorband") };
        file["trials"] = Whole(1, 500);
        file["seed"] = Whole(0, long.MaxValue / 2);
        var parents = new List<(string Name, JsonNode Value)>();
        foreach (var parameter in FakeCatalog.Instance.Parameters)
        {
            var role = Whole(0, 3);
            if (role == 0)
                continue;
            if (role == 1)
            {
                file["fixed"]![parameter.Name] = parameter.Default.ToJson();
                continue;
            }
            var node = Searched(parameter, Whole, out var possible);
            if (parents.Count > 0 && Whole(0, 3) == 0)
            {
                var (name, value) = parents[(int)Whole(0, parents.Count - 1)];
                node["when"] = new JsonObject { [name] = value.DeepClone() };
            }
            if (possible is not null && Whole(0, 1) == 0)
                node["prior"] = new JsonObject { ["value"] = possible.DeepClone(), ["confidence"] = Pick("low", "medium", "high") };
            file["parameters"]![parameter.Name] = node;
            if (possible is not null)
                parents.Add((parameter.Name, possible));
        }
        if (file["parameters"]!.AsObject().Count == 0)
            file["parameters"]!["beta2"] = new JsonObject { ["type"] = "choice", ["values"] = new JsonArray(0.5) };
        file["fixed"]!.AsObject().Remove(file["parameters"]!.AsObject().First().Key);
        if (Whole(0, 1) == 0)
            file["disturbance"] = new JsonObject { ["policy"] = Pick("accept", "rerun"), ["share"] = Whole(5, 95) / 100.0 };
        if (Whole(0, 1) == 0)
            file["keep"] = Pick("champion", "finalists", "all");
        if (Whole(0, 1) == 0)
            file["finalists"] = new JsonObject { ["count"] = Whole(1, 64), ["repeats"] = Whole(1, 64) };
        if (Whole(0, 1) == 0)
        {
            var bound = Whole(1, 4096).ToString(CultureInfo.InvariantCulture);
            file["constraints"] = new JsonArray("width != 13", $"depth <= 64 or width < {bound}");
        }
        return file.ToJsonString();
    }

    private static JsonObject Searched(ParameterDescription parameter, Func<long, long, long> whole, out JsonNode? possible)
    {
        possible = null;
        switch (parameter.Kind)
        {
            case ValueKind.Integer:
                var (step, minimum) = (whole(1, 5), (long)parameter.Minimum + whole(1, 3));
                possible = minimum;
                return new JsonObject
                {
                    ["type"] = "int",
                    ["min"] = minimum,
                    ["max"] = minimum + (step * whole(0, 8)),
                    ["step"] = step,
                    ["scale"] = whole(0, 1) == 0 ? "log" : "linear",
                };
            case ValueKind.Real:
                var low = Math.Max(parameter.Minimum, 1e-3) * whole(1, 9);
                var span = (Math.Min(parameter.Maximum, 1) - low) / 10 * whole(0, 9);
                var node = new JsonObject { ["type"] = "float", ["min"] = low, ["max"] = low + Math.Max(0, span) };
                if (whole(0, 1) == 0)
                    node["scale"] = "log";
                else if (span > 0)
                    node["step"] = span / whole(1, 20);
                return low <= low + span ? node : Choice(parameter.Default.ToJson());
            case ValueKind.Boolean:
                possible = whole(0, 1) == 0;
                return new JsonObject { ["type"] = "bool" };
            default:
                possible = parameter.Choices[0];
                return Choice([.. parameter.Choices.Select(c => JsonValue.Create(c))]);
        }
    }

    private static JsonObject Choice(params JsonNode[] values) => new() { ["type"] = "choice", ["values"] = new JsonArray(values) };
}
