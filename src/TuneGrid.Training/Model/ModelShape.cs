using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Model;

/// <summary>The numbers that follow from <see cref="TrainingOptions"/>, worked out once.</summary>
internal sealed class ModelShape
{
    /// <summary>The shape at which mup and standard parametrization are the same.</summary>
    private const double BaseWidth = 256, BaseDepth = 2;

    public ModelShape(TrainingOptions options)
    {
        (Options, Width, Depth, Context, Vocabulary) = (options, options.Width, options.Depth, options.Context, options.Vocabulary);
        Heads = ModelSize.Heads(options);
        HeadWidth = Width / Heads;
        Hidden = Math.Max(1, (int)Math.Round(options.MlpRatio * Width / 8) * 8);
        Up = options.Activation == Activation.SwiGlu ? 2 * Hidden : Hidden;
        AttentionScale = options.QkNorm ? 0.12f : 1 / MathF.Sqrt(HeadWidth);
        if (options.Parametrization == Parametrization.Mup)
            (WidthRatio, DepthRatio) = (Width / BaseWidth, Depth / BaseDepth);
    }

    public TrainingOptions Options { get; }
    public int Width { get; }
    public int Depth { get; }
    public int Heads { get; }
    public int HeadWidth { get; }
    public int Context { get; }
    public int Vocabulary { get; }

    /// <summary>Width of the MLP's activations.</summary>
    public int Hidden { get; }

    /// <summary>Rows of the first MLP matrix: <see cref="Hidden"/>, or twice that (gate, up) for SwiGLU.</summary>
    public int Up { get; }

    public float AttentionScale { get; }

    /// <summary>Width over the base width under mup, else 1.</summary>
    public double WidthRatio { get; } = 1;

    /// <summary>Depth over the base depth under mup, else 1.</summary>
    public double DepthRatio { get; } = 1;
}
