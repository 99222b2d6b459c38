using TuneGrid.Training.Engines;
using TuneGrid.Training.Kernels;

namespace TuneGrid.Cli.Backends;

/// <summary>Finds the engine that was asked for. The part that knows TorchSharp is compiled only where the build has it.</summary>
internal static partial class EngineRoom
{
    private const string NotBuilt = "this build has no TorchSharp; build with the environment variable WithTorch=true where your registry serves it";

    /// <param name="kernels">Our own engine's.</param>
    /// <exception cref="UsageException">The device is not that backend's.</exception>
    /// <exception cref="EngineUnavailableException">This build or this machine does not have it.</exception>
    public static TrainingEngine Open(BackendChoice choice, KernelSet kernels, Func<string, string?> variable)
    {
        if (choice.Backend == BackendKind.Native)
        {
            return choice.Device == DeviceKind.Cpu
                ? new NativeEngine(kernels)
                : throw new UsageException($"--device {choice.Device.ToString().ToLowerInvariant()} needs --backend torch: the native backend trains on the processor");
        }
        TrainingEngine? engine = null;
        OpenTorch(choice.Device, variable, ref engine);
        return engine ?? throw new EngineUnavailableException($"--backend torch: {NotBuilt}");
    }

    /// <summary>Each backend with its devices: "yes" and what it is, or "no" and why.</summary>
    public static IReadOnlyList<(string Name, string Answer)> Describe(KernelSet kernels)
    {
        var rooms = new List<(string, string)> { ("native", $"yes: {KernelLadder.Name(kernels.InstructionSet)}") };
        DescribeTorch(rooms);
        return rooms.Count > 1 ? rooms : [.. rooms, ("torch", $"no: {NotBuilt}")];
    }

    static partial void OpenTorch(DeviceKind device, Func<string, string?> variable, ref TrainingEngine? engine);

    static partial void DescribeTorch(List<(string Name, string Answer)> rooms);
}
