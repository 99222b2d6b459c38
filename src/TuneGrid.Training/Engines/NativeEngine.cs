using TuneGrid.Training.Corpora;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;

namespace TuneGrid.Training.Engines;

/// <summary>Our own kernels, on the processor.</summary>
public sealed class NativeEngine(KernelSet kernels) : TrainingEngine
{
    /// <summary>The level of the kernel ladder.</summary>
    public override string Name => KernelLadder.Name(kernels.InstructionSet);

    /// <inheritdoc/>
    public override long MemoryBytes(TrainingOptions options, int threads) => ModelSize.MemoryBytes(options, threads);

    internal override ITrainingStep Build(ModelLayout layout, TokenSequence text, TrainerSettings settings, ulong seed) =>
        new TrainingStep(layout, text, settings with { Kernels = kernels }, seed);
}
