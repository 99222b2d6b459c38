using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;
using TuneGrid.Training.Randomness;

namespace TuneGrid.Training.Tests.Model;

/// <summary>
/// The whole model's gradient against central differences, tensor by tensor: the loss moves along a tensor's own gradient by exactly that
/// gradient's norm. A wrong direction or a wrong length both show.
/// </summary>
public sealed unsafe class FiniteDifferenceTests
{
    [Theory]
    [MemberData(nameof(OptionVariants.All), MemberType = typeof(OptionVariants))]
    public void Gradient_matches_central_differences(string settings)
    {
        var options = OptionVariants.Parse(settings);
        using var step = new TrainingStep(new ModelLayout(options), TinyCorpus.Corpus.Train, TinyCorpus.Settings(), 3);
        // Not the first weights: zero projections would hide whatever lies behind them.
        InitialWeights.Fill(step.Layout, 5, step.Weights.Data);
        var random = new Gaussian(11);
        for (var i = 0L; i < step.Weights.Count; i++)
            step.Weights.Data[i] += (float)(0.2 * random.NextNormal());
        step.Gradients(TinyCorpus.FirstBatch(options));
        step.Reduce();
        var gradients = step.Layout.Parameters.Select(step.Gradient).ToList();
        foreach (var parameter in step.Layout.Parameters)
        {
            var gradient = gradients[parameter.Index];
            var norm = Math.Sqrt(gradient.Sum(g => (double)g * g));
            Assert.True(norm > 1e-7, $"{parameter.Name} has no gradient");
            var reach = Math.Min(0.02, 2e-3 / norm);
            // Richardson's extrapolation: what curvature adds at the full reach is four times what it adds at half.
            var slope = ((4 * Slope(step, parameter, gradient, norm, reach / 2)) - Slope(step, parameter, gradient, norm, reach)) / 3;
            Assert.True(Math.Abs(slope - norm) <= (0.02 * norm) + 1e-4, $"{parameter.Name}: slope {slope:G5}, gradient {norm:G5}");
        }
    }

    private static double Slope(TrainingStep step, Parameter parameter, float[] gradient, double norm, double reach)
        => (LossAt(step, parameter, gradient, reach / norm) - LossAt(step, parameter, gradient, -reach / norm)) / (2 * reach);

    private static double LossAt(TrainingStep step, Parameter parameter, float[] gradient, double distance)
    {
        var weights = step.Weights.Data + parameter.Offset;
        var kept = new ReadOnlySpan<float>(weights, gradient.Length).ToArray();
        for (var i = 0; i < gradient.Length; i++)
            weights[i] += (float)(distance * gradient[i]);
        var loss = step.Gradients(TinyCorpus.FirstBatch(step.Layout.Options));
        kept.CopyTo(new Span<float>(weights, gradient.Length));
        return loss;
    }
}
