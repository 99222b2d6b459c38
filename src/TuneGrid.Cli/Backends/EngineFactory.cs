using TuneGrid.Cli.Terminal;
using TuneGrid.Training.Engines;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Torch;
using TuneGrid.Training.Torch.Devices;
using TuneGrid.Training.Torch.Libtorch;

namespace TuneGrid.Cli.Backends;

/// <summary>Makes the engine that was asked for.</summary>
internal static class EngineFactory
{
    /// <param name="kernels">Our own engine's.</param>
    /// <param name="libtorch">Where the torch backend looks for its library.</param>
    /// <exception cref="UsageException">The device is not that backend's.</exception>
    /// <exception cref="EngineUnavailableException">This machine does not have it.</exception>
    public static TrainingEngine Open(BackendChoice choice, KernelSet kernels, LibtorchFolder libtorch, Func<string, string?> variable)
    {
        if (choice.Backend == BackendKind.Torch)
            return TorchEngine.Open(choice.Device, libtorch, variable(TorchEngine.PrecisionVariable));
        return choice.Device == TorchDevice.Cpu
            ? new NativeEngine(kernels)
            : throw new UsageException(
                $"--device {choice.Device.ToString().ToLowerInvariant()} needs --backend torch: "
                + "the native backend trains on the processor");
    }

    /// <summary>Returns each backend with its version and devices: "yes" and what it is, or "no" and why.</summary>
    public static IReadOnlyList<(string Name, string State)> Describe(KernelSet kernels, LibtorchFolder libtorch) =>
        [("native", $"yes: {KernelLadder.Name(kernels.InstructionSet)}"), .. TorchLibrary.Report(libtorch)];
}
