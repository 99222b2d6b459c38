using TorchSharp;
using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Torch.Optimization;

/// <summary>Tensors of one shape that AdamW moves together.</summary>
internal readonly record struct AdamTensors(torch.Tensor Weights, torch.Tensor Gradients, torch.Tensor Moment1, torch.Tensor Moment2);

/// <summary>One AdamW step in place, as <see cref="IElementKernels.AdamW"/>; the gradients are already scaled.</summary>
internal static class AdamW
{
    public static void Apply(in AdamStep step, in AdamTensors t)
    {
        t.Moment1.mul_(step.Beta1).add_(t.Gradients, 1 - step.Beta1);
        t.Moment2.mul_(step.Beta2).addcmul_(t.Gradients, t.Gradients, 1 - step.Beta2);
        if (step.WeightDecay > 0)
            t.Weights.mul_(1 - (step.LearningRate * step.WeightDecay));
        var deviation = (t.Moment2 / step.Correction2).sqrt_().add_(step.Epsilon);
        t.Weights.addcdiv_(t.Moment1, deviation, -step.LearningRate / step.Correction1);
    }
}
