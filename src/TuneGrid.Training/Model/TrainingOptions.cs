namespace TuneGrid.Training.Model;

/// <summary>
/// Everything that decides what is trained and how, as searchable options. The names in a search space and on the command line are these in snake_case;
/// <see cref="OptionCatalog"/> holds their ranges and one-line explanations. What is not set follows the <see cref="Recipe"/>.
/// </summary>
public sealed partial record TrainingOptions
{
    private readonly int? _width;
    private readonly int? _depth;
    private readonly int _heads;
    private readonly int? _batchSize;
    private readonly PackingKind? _packing;

    public Recipe Recipe { get; init; } = Recipe.Modern;

    /// <summary>Width of the residual stream.</summary>
    public int Width { get => _width ?? Defaults.Width; init => _width = value; }

    /// <summary>Number of transformer blocks.</summary>
    public int Depth { get => _depth ?? Defaults.Depth; init => _depth = value; }

    /// <summary>Attention heads. Set to 0, as many of the recipe's head width as fit and divide the width, at least one.</summary>
    public int Heads { get => _heads > 0 ? _heads : HeadsOf(Defaults.HeadWidth); init => _heads = value; }

    /// <summary>Tokens a position can see, and the length of a training sequence.</summary>
    public int Context { get; init; } = 256;

    public int Vocabulary { get; init; } = 2048;

    /// <summary>Sequences per optimizer step.</summary>
    public int BatchSize { get => _batchSize ?? Defaults.BatchSize; init => _batchSize = value; }

    /// <summary>How training windows treat the borders between stories.</summary>
    public PackingKind Packing { get => _packing ?? Defaults.Packing; init => _packing = value; }

    public Parametrization Parametrization { get; init; } = Parametrization.Standard;

    /// <summary>The most heads at least so wide that divide the width evenly.</summary>
    internal int HeadsOf(int headWidth)
    {
        var heads = Math.Max(1, Width / headWidth);
        while (Width % heads != 0)
            heads--;
        return heads;
    }

    private RecipeDefaults Defaults => RecipeDefaults.Of(Recipe);
}
