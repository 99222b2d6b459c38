using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests;

/// <summary>A trainer's catalog of the size of the real one, with arithmetic simple enough to check by hand.</summary>
internal sealed class FakeCatalog : IParameterCatalog
{
    public static FakeCatalog Instance { get; } = new();

    public IReadOnlyList<ParameterDescription> Parameters { get; } =
    [
        Whole("width", 256, 1, 4096),
        Whole("depth", 2, 1, 64),
        Whole("heads", 0, 0, 256),
        Whole("context", 256, 8, 4096),
        Whole("vocabulary", 2048, 257, 32768),
        Whole("batch_size", 8, 1, 1024),
        Real("learning_rate", 0.01, 1e-7, 10),
        Real("momentum", 0.95, 0, 0.9999),
        Real("beta2", 0.95, 0, 0.99999),
        Real("weight_decay", 0, 0, 10),
        Real("warmup", 0, 0, 1),
        Real("decay", 0.5, 0, 1),
        Real("rope_base", 1e4, 10, 1e6),
        Text("optimizer", "muon", "normuon", "adamw"),
        Text("activation", "gelu", "relu2", "swiglu"),
        Text("normalization", "layernorm", "rmsnorm"),
        Text("position", "learned", "rope"),
        Flag("tied"),
        Flag("qk_norm"),
        Whole("bigram_buckets", 0, 0, 1 << 20),
        Whole("canon", 0, 0, 64),
    ];

    public IReadOnlyList<string> DerivedNames { get; } = ["parameters", "heads", "memory_bytes"];

    public double Derive(string name, Configuration configuration)
    {
        double Value(string parameter) => configuration.TryGetValue(parameter, out var value)
            ? value.Number
            : Parameters.First(p => p.Name == parameter).Default.Number;
        return name switch
        {
            "parameters" => (12 * Value("depth") * Value("width") * Value("width")) + (Value("vocabulary") * Value("width")),
            "heads" => Value("heads") > 0 ? Value("heads") : Math.Max(1, Math.Floor(Value("width") / 32)),
            "memory_bytes" => 16 * Derive("parameters", configuration),
            _ => throw new ArgumentException(name),
        };
    }

    public string? Refuse(Configuration configuration) =>
        configuration.TryGetValue("width", out var width) && width.Number == 13 ? "width 13 is unlucky" : null;

    private static ParameterDescription Whole(string name, long standard, double minimum, double maximum) =>
        new(name, ValueKind.Integer, ParameterValue.Of(standard), minimum, maximum, [], name);

    private static ParameterDescription Real(string name, double standard, double minimum, double maximum) =>
        new(name, ValueKind.Real, ParameterValue.Of(standard), minimum, maximum, [], name);

    private static ParameterDescription Text(string name, params string[] choices) =>
        new(name, ValueKind.Text, ParameterValue.Of(choices[0]), double.NegativeInfinity, double.PositiveInfinity, choices, name);

    private static ParameterDescription Flag(string name) => new(name, ValueKind.Boolean, ParameterValue.Of(false), 0, 1, [], name);
}
