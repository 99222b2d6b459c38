using System.Runtime.CompilerServices;

namespace TuneGrid.Training.Model;

/// <summary>
/// Makes a property of <see cref="TrainingOptions"/> an option, under the property's name in snake_case; its default is the property's
/// initializer.
/// </summary>
/// <param name="summary">One line for users.</param>
/// <param name="minimum">Smallest allowed number, inclusive.</param>
/// <param name="maximum">Largest allowed number, inclusive.</param>
/// <param name="line">Options are listed in the order in which they are written down.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionAttribute(string summary, double minimum = 0, double maximum = 0, [CallerLineNumber] int line = 0) : Attribute
{
    public string Summary { get; } = summary;

    public double Minimum { get; } = minimum;

    public double Maximum { get; } = maximum;

    public int Line { get; } = line;
}
