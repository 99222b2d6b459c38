namespace TuneGrid.Cli.Backends;

/// <summary>Whose training steps: our own engine's, or libtorch's.</summary>
internal enum BackendKind { Native, Torch }

internal enum DeviceKind { Cpu, Cuda, Mps }

/// <summary>What <c>--backend</c> and <c>--device</c> say.</summary>
internal sealed record BackendChoice(BackendKind Backend, DeviceKind Device)
{
    public static BackendChoice Native { get; } = new(BackendKind.Native, DeviceKind.Cpu);
}
