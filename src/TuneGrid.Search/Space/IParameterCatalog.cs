namespace TuneGrid.Search.Space;

/// <summary>One parameter that trials understand, whether a space searches it, fixes it or leaves it at its default.</summary>
/// <param name="Name">snake_case, as in a search space.</param>
/// <param name="Choices">The allowed texts, for <see cref="ValueKind.Text"/>; empty otherwise.</param>
/// <param name="Minimum">Smallest allowed number, inclusive.</param>
/// <param name="Maximum">Largest allowed number, inclusive.</param>
public sealed record ParameterDescription(
    string Name, ValueKind Kind, ParameterValue Default, double Minimum, double Maximum, IReadOnlyList<string> Choices, string Summary);

/// <summary>What the trainer tells the search about its parameters, so that a wrong space is refused before any trial starts.</summary>
public interface IParameterCatalog
{
    IReadOnlyList<ParameterDescription> Parameters { get; }

    /// <summary>Names a constraint may use beside the parameters: <c>parameters</c>, <c>heads</c>, <c>memory_bytes</c>.</summary>
    IReadOnlyList<string> DerivedNames { get; }

    /// <summary>The derived value of a configuration; parameters it lacks stand at their defaults.</summary>
    double Derive(string name, Configuration configuration);

    /// <summary>
    /// Returns null if the trainer can build this configuration, else why not (for example: width 96 is not divisible by 5 heads).
    /// </summary>
    string? Refuse(Configuration configuration);
}
