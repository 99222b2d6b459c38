using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;

namespace TuneGrid.Training.Optimization;

/// <summary>The numbers of an update, the same whatever computes it.</summary>
internal static class UpdateNumbers
{
    /// <summary>Multiplies every gradient, so that the norm of all is at most <see cref="TrainingOptions.GradientClip"/>.</summary>
    public static float ClipScale(TrainingOptions options, double norm) =>
        options.GradientClip > 0 ? (float)Math.Min(1, options.GradientClip / (norm + 1e-6)) : 1;

    public static bool IsMuons(TrainingOptions options, Parameter parameter) =>
        options.Optimizer != OptimizerKind.AdamW && parameter.Kind == ParameterKind.Hidden;

    /// <param name="beta1">0 for the rows of lookup tables.</param>
    /// <param name="steps">Updates so far, this one counted.</param>
    /// <param name="rateFactor">Of the schedule.</param>
    public static AdamStep Adam(
        TrainingOptions options, Parameter parameter, double beta1, long steps, double rateFactor, float gradientScale)
    {
        var (beta2, rate) = (options.Beta2, PeakRate(options, parameter.Kind));
        // The kernel multiplies the decay by the tensor's own rate, which for a table may be many times the matrices'.
        var decay = parameter.IsMatrix && rate > 0 ? options.WeightDecay * options.LearningRate / rate : 0;
        return new(
            (float)(rate * rateFactor), (float)beta1, (float)beta2, (float)options.Epsilon, (float)decay,
            (float)(1 - Math.Pow(beta1, steps)), (float)(1 - Math.Pow(beta2, steps)), gradientScale);
    }

    /// <summary>Muon's rate for one parameter: tall matrices move further.</summary>
    public static double MuonShape(Parameter parameter) => Math.Sqrt(Math.Max(1, (double)parameter.Rows / parameter.Columns));

    public static double PeakRate(TrainingOptions options, ParameterKind kind)
    {
        var own = kind switch
        {
            ParameterKind.Embedding => options.EmbeddingLearningRate,
            ParameterKind.Head => options.HeadLearningRate,
            ParameterKind.Vector => options.ScalarLearningRate,
            // AdamW's update does not shrink with width by itself, Muon's does.
            _ when options.Parametrization == Parametrization.Mup && options.Optimizer == OptimizerKind.AdamW =>
                options.LearningRate * MupScale.BaseWidth / options.Width,
            _ => 0,
        };
        return own > 0 ? own : options.LearningRate;
    }
}
