namespace TuneGrid.Search.Space;

/// <summary>One parameter that trials understand, whether a space searches it, fixes it or leaves it at its default.</summary>
/// <param name="Name">snake_case, as in a search space.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Default">The value of trials whose space does not name it.</param>
/// <param name="Minimum">Smallest allowed number, inclusive.</param>
/// <param name="Maximum">Largest allowed number, inclusive.</param>
/// <param name="Choices">The allowed texts, for <see cref="ValueKind.Text"/>; empty otherwise.</param>
/// <param name="Summary">One line for a person, with its unit.</param>
public sealed record ParameterDescription(
    string Name, ValueKind Kind, ParameterValue Default, double Minimum, double Maximum, IReadOnlyList<string> Choices, string Summary);

/// <summary>What the trainer tells the search about its parameters, so that a wrong space is refused before any trial starts.</summary>
public interface IParameterCatalog
{
    /// <summary>All parameters, each name once.</summary>
    IReadOnlyList<ParameterDescription> Parameters { get; }

    /// <summary>Names a constraint may use beside the parameters: <c>parameters</c>, <c>heads</c>, <c>memory_bytes</c>.</summary>
    IReadOnlyList<string> DerivedNames { get; }

    /// <summary>Returns a derived value of a configuration; parameters it lacks stand at their defaults.</summary>
    /// <param name="name">One of <see cref="DerivedNames"/>.</param>
    /// <param name="configuration">Values that this catalog allows.</param>
    /// <returns>For <c>parameters</c> and <c>heads</c> a count, for <c>memory_bytes</c> bytes.</returns>
    /// <exception cref="ArgumentException">No derived value has this name.</exception>
    double Derive(string name, Configuration configuration);

    /// <summary>
    /// Returns null if the trainer can build this configuration, else why not (for example: width 96 is not divisible by 5 heads).
    /// </summary>
    string? Refuse(Configuration configuration);
}
