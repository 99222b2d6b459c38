using TuneGrid.Training.Engines;
using TuneGrid.Training.Model;
using TuneGrid.Training.Optimization;
using TuneGrid.Training.Randomness;
using TuneGrid.Training.Tests.Model;

namespace TuneGrid.Training.Torch.Tests;

/// <summary>
/// One architecture: the same weights and batch give the same loss and gradients as in our own engine on its reference kernels.
/// </summary>
public sealed unsafe class ParityTests
{
    private const ulong Seed = 3;

    [TorchTheory]
    [MemberData(nameof(OptionVariants.All), MemberType = typeof(OptionVariants))]
    public void Loss_and_gradients_are_those_of_our_own_engine(string settings)
    {
        var layout = new ModelLayout(OptionVariants.Parse(settings));
        using var own = new TrainingStep(layout, TinyCorpus.Corpus.Train, TinyCorpus.Settings(), Seed);
        using var torch = Engine.Step(layout, Seed);
        own.Fill(state => Perturb(layout, state));
        torch.Fill(state => Perturb(layout, state));
        for (var step = 0; step < 3; step++)
        {
            var batch = Schedule.Batch(layout.Options, step, step * layout.Options.BatchSize, spent: 1);
            var (expected, actual) = (own.Gradients(batch), torch.Gradients(batch));
            Assert.True(Math.Abs(expected - actual) < 1e-4, $"batch {step}: loss {expected:F6} and {actual:F6}");
            own.Reduce();
            foreach (var parameter in layout.Parameters)
                Compare(parameter.Name, own.Gradient(parameter), torch.Gradient(parameter));
        }
    }

    /// <summary>Not the first weights: zero projections would hide whatever lies behind them.</summary>
    internal static void Perturb(ModelLayout layout, StepState state)
    {
        InitialWeights.Fill(layout, 5, state.Weights.Data);
        var random = new Gaussian(11);
        for (var i = 0L; i < state.Weights.Count; i++)
            state.Weights.Data[i] += (float)(0.2 * random.NextNormal());
        new ReadOnlySpan<float>(state.Weights.Data, (int)state.Weights.Count).CopyTo(
            new Span<float>(state.Average.Data, (int)state.Average.Count));
    }

    /// <summary>
    /// Within a thousandth of the tensor's own norm, or, where that is next to nothing, within what fp32 leaves of sums that cancel.
    /// </summary>
    private static void Compare(string name, float[] expected, float[] actual)
    {
        var norm = Math.Sqrt(expected.Sum(g => (double)g * g));
        var distance = Math.Sqrt(expected.Zip(actual).Sum(p => Math.Pow(p.First - p.Second, 2)));
        Assert.True(norm > 1e-7, $"{name} has no gradient");
        Assert.True(distance < (1e-3 * norm) + 1e-6, $"{name}: the gradients are {distance:G3} apart, their norm is {norm:G3}");
    }
}
