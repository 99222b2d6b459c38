namespace TuneGrid.Training.Model;

/// <summary>What an option's values are.</summary>
public enum OptionKind
{
    /// <summary>A whole number: long.</summary>
    Integer,

    /// <summary>A number: double.</summary>
    Real,

    /// <summary>Yes or no: bool.</summary>
    Boolean,

    /// <summary>One of a few texts: string.</summary>
    Text,
}

/// <summary>One option as a search space and the command line see it.</summary>
/// <param name="Name">snake_case.</param>
/// <param name="Default">long, double, bool or string by <paramref name="Kind"/>.</param>
/// <param name="Minimum">Smallest allowed number, inclusive; 0 for other kinds.</param>
/// <param name="Maximum">Largest allowed number, inclusive; 0 for other kinds.</param>
/// <param name="Choices">The allowed texts of <see cref="OptionKind.Text"/>; empty otherwise.</param>
public sealed record OptionDescription(
    string Name, OptionKind Kind, object Default, double Minimum, double Maximum, IReadOnlyList<string> Choices, string Summary);
