namespace TuneGrid.Training.Model;

/// <summary>
/// Everything that decides what is trained and how, as searchable options. The names in a search space and on the command line are these in snake_case;
/// <see cref="OptionCatalog"/> holds their ranges and one-line explanations.
/// </summary>
public sealed partial record TrainingOptions
{
    /// <summary>Width of the residual stream.</summary>
    public int Width { get; init; } = 256;

    /// <summary>Number of transformer blocks.</summary>
    public int Depth { get; init; } = 2;

    /// <summary>Attention heads; 0 picks width / 32, at least one.</summary>
    public int Heads { get; init; }

    /// <summary>Tokens a position can see, and the length of a training sequence.</summary>
    public int Context { get; init; } = 256;

    public int Vocabulary { get; init; } = 2048;

    /// <summary>Sequences per optimizer step.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Peak learning rate.</summary>
    public double LearningRate { get; init; } = 0.01;
}
