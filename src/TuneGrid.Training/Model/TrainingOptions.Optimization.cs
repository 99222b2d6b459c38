namespace TuneGrid.Training.Model;

/// <summary>How the model is trained.</summary>
public sealed partial record TrainingOptions
{
    private readonly double? _learningRate;
    private readonly OptimizerKind? _optimizer;
    private readonly double? _embeddingLearningRate;
    private readonly double? _headLearningRate;
    private readonly double? _scalarLearningRate;
    private readonly double? _weightDecay;
    private readonly double? _beta1;
    private readonly double? _beta2;
    private readonly double? _epsilon;
    private readonly double? _gradientClip;
    private readonly double? _warmup;
    private readonly double? _decay;
    private readonly double? _averaging;
    private readonly double? _batchWarmup;
    private readonly double? _contextWarmup;

    /// <summary>Peak learning rate: of the hidden matrices, and of everything whose own rate is 0.</summary>
    public double LearningRate { get => _learningRate ?? Defaults.LearningRate; init => _learningRate = value; }

    public OptimizerKind Optimizer { get => _optimizer ?? Defaults.Optimizer; init => _optimizer = value; }

    /// <summary>Peak AdamW rate of the embedding tables; 0 follows <see cref="LearningRate"/>.</summary>
    public double EmbeddingLearningRate { get => _embeddingLearningRate ?? Defaults.EmbeddingLearningRate; init => _embeddingLearningRate = value; }

    /// <summary>Peak AdamW rate of an untied head; 0 follows <see cref="LearningRate"/>.</summary>
    public double HeadLearningRate { get => _headLearningRate ?? Defaults.HeadLearningRate; init => _headLearningRate = value; }

    /// <summary>Peak AdamW rate of gains, biases and mixing weights; 0 follows <see cref="LearningRate"/>.</summary>
    public double ScalarLearningRate { get => _scalarLearningRate ?? Defaults.ScalarLearningRate; init => _scalarLearningRate = value; }

    /// <summary>Decoupled weight decay of matrices and tables, times <see cref="LearningRate"/>.</summary>
    public double WeightDecay { get => _weightDecay ?? Defaults.WeightDecay; init => _weightDecay = value; }

    public double Beta1 { get => _beta1 ?? Defaults.Beta1; init => _beta1 = value; }

    public double Beta2 { get => _beta2 ?? Defaults.Beta2; init => _beta2 = value; }

    public double Epsilon { get => _epsilon ?? Defaults.Epsilon; init => _epsilon = value; }

    /// <summary>Muon's momentum, reached from 0.85 over its warm-up.</summary>
    public double Momentum { get; init; } = 0.95;

    /// <summary>Share of the budget over which Muon's momentum rises.</summary>
    public double MomentumWarmup { get; init; } = 0.1;

    /// <summary>Share of the budget over which a step's sequences rise from a quarter of <see cref="BatchSize"/> to all of it; 0 is off (arXiv:1711.00489).</summary>
    public double BatchWarmup { get => _batchWarmup ?? Defaults.BatchWarmup; init => _batchWarmup = value; }

    /// <summary>Share of the budget over which attention's reach rises from an eighth of <see cref="Context"/> to all of it; 0 is off (arXiv:2108.06084).</summary>
    public double ContextWarmup { get => _contextWarmup ?? Defaults.ContextWarmup; init => _contextWarmup = value; }

    /// <summary>Largest norm of the whole gradient; 0 is off.</summary>
    public double GradientClip { get => _gradientClip ?? Defaults.GradientClip; init => _gradientClip = value; }

    /// <summary>Share of the budget over which the rate rises linearly.</summary>
    public double Warmup { get => _warmup ?? Defaults.Warmup; init => _warmup = value; }

    /// <summary>Share of the budget, at its end, over which the rate falls linearly to zero.</summary>
    public double Decay { get => _decay ?? Defaults.Decay; init => _decay = value; }

    /// <summary>Horizon of the weight average as a share of the steps so far (it shrinks with the learning rate); 0 scores the raw weights.</summary>
    public double Averaging { get => _averaging ?? Defaults.Averaging; init => _averaging = value; }
}
