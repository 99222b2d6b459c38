using TuneGrid.Training.Model;
using TuneGrid.Training.Tests.Model;
using TuneGrid.Training.Torch.Devices;
using TuneGrid.Training.Torch.Libtorch;

namespace TuneGrid.Training.Torch.Tests;

/// <summary>The engine on the processor, in fp32 unless told otherwise.</summary>
internal static class Engine
{
    /// <summary>Where the environment says that libtorch is; it may be missing.</summary>
    public static LibtorchFolder Libtorch { get; } = LibtorchFolder.Find(Home(), Environment.GetEnvironmentVariable);

    public static TorchEngine Fp32 => field ??= TorchEngine.Open(TorchDevice.Cpu, Libtorch, "fp32");

    public static TorchEngine Bf16 => field ??= TorchEngine.Open(TorchDevice.Cpu, Libtorch, "bf16");

    public static TrainerSettings Settings => TinyCorpus.Settings() with { Engine = Fp32 };

    public static TorchStep Step(ModelLayout layout, ulong seed) => (TorchStep)Fp32.Build(layout, TinyCorpus.Corpus.Train, Settings, seed);

    private static string Home() => Environment.GetEnvironmentVariable("TUNEGRID_HOME") is { Length: > 0 } home
        ? home
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".tunegrid");
}
