using TuneGrid.Training.Model;
using TuneGrid.Training.Tests.Model;
using TuneGrid.Training.Torch.Devices;

namespace TuneGrid.Training.Torch.Tests;

/// <summary>The engine on the processor, in fp32 unless told otherwise.</summary>
internal static class Engine
{
    public static TorchEngine Fp32 { get; } = TorchEngine.Open(TorchDevice.Cpu, "fp32");

    public static TorchEngine Bf16 { get; } = TorchEngine.Open(TorchDevice.Cpu, "bf16");

    public static TrainerSettings Settings => TinyCorpus.Settings() with { Engine = Fp32 };

    public static TorchStep Step(ModelLayout layout, ulong seed) => (TorchStep)Fp32.Build(layout, TinyCorpus.Corpus.Train, Settings, seed);
}
