using TuneGrid.Training.Torch.Devices;

namespace TuneGrid.Cli.Backends;

/// <summary>Whose training steps: our own engine's, or libtorch's.</summary>
internal enum BackendKind { Native, Torch }

/// <summary>What <c>--backend</c> and <c>--device</c> say.</summary>
internal sealed record BackendChoice(BackendKind Backend, TorchDevice Device)
{
    public static BackendChoice Native { get; } = new(BackendKind.Native, TorchDevice.Cpu);
}
