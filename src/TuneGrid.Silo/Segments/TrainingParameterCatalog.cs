using TuneGrid.Search.Space;
using TuneGrid.Training.Model;

namespace TuneGrid.Silo.Segments;

/// <summary>
/// The trainer's options as the parameters of a search space. Machine-independent: every coordinator must derive the same values.
/// </summary>
public sealed class TrainingParameterCatalog : IParameterCatalog
{
    // memory_bytes decides which draws are feasible, and replaying a ledger elsewhere must draw the same; so it is the memory at this many
    // threads, everywhere.
    private const int MemoryThreads = 4;

    public static TrainingParameterCatalog Instance { get; } = new();

    public IReadOnlyList<ParameterDescription> Parameters { get; } = [.. OptionCatalog.All.Select(Describe)];

    public IReadOnlyList<string> DerivedNames { get; } = ["parameters", "heads", "memory_bytes"];

    public double Derive(string name, Configuration configuration)
    {
        var options = Options(configuration);
        return name switch
        {
            "parameters" => ModelSize.Parameters(options),
            "heads" => options.Heads,
            "memory_bytes" => ModelSize.MemoryBytes(options, MemoryThreads),
            _ => throw new ArgumentException($"no derived value is called '{name}'", nameof(name)),
        };
    }

    public string? Refuse(Configuration configuration)
    {
        try
        {
            return OptionCatalog.Refuse(Options(configuration));
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    /// <summary>Returns what training a configuration takes with so many threads of our own engine.</summary>
    public static long MemoryBytes(Configuration configuration, int threads) => ModelSize.MemoryBytes(Options(configuration), threads);

    /// <exception cref="ArgumentException">A value the option can't take; the message is for users.</exception>
    public static TrainingOptions Options(Configuration configuration) =>
        configuration.Aggregate(new TrainingOptions(), (options, value) => OptionCatalog.Apply(options, value.Key, Plain(value.Value)));

    private static object Plain(ParameterValue value) => value.Kind switch
    {
        ValueKind.Integer => (long)value.Number,
        ValueKind.Real => value.Number,
        ValueKind.Boolean => value.IsTrue,
        _ => value.ToString(),
    };

    private static ParameterDescription Describe(OptionDescription option) => new(
        option.Name, Kind(option.Kind), Value(option.Default), option.Minimum, option.Maximum, option.Choices, option.Summary);

    private static ValueKind Kind(OptionKind kind) => kind switch
    {
        OptionKind.Integer => ValueKind.Integer,
        OptionKind.Real => ValueKind.Real,
        OptionKind.Boolean => ValueKind.Boolean,
        OptionKind.Text => ValueKind.Text,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static ParameterValue Value(object value) => value switch
    {
        bool truth => ParameterValue.Of(truth),
        int number => ParameterValue.Of((long)number),
        long number => ParameterValue.Of(number),
        double number => ParameterValue.Of(number),
        _ => ParameterValue.Of(value.ToString()!),
    };
}
