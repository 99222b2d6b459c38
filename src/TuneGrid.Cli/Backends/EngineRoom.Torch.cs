using TuneGrid.Training.Engines;
using TuneGrid.Training.Torch;
using TuneGrid.Training.Torch.Devices;

namespace TuneGrid.Cli.Backends;

/// <summary>Compiled with WithTorch only.</summary>
internal static partial class EngineRoom
{
    static partial void OpenTorch(DeviceKind device, Func<string, string?> variable, ref TrainingEngine? engine) =>
        engine = TorchEngine.Open(Enum.Parse<TorchDevice>(device.ToString()), variable(TorchEngine.PrecisionVariable));

    static partial void DescribeTorch(List<(string Name, string Answer)> rooms)
    {
        foreach (var (device, answer) in TorchLibrary.Report())
            rooms.Add(($"torch {device.ToString().ToLowerInvariant()}", answer));
    }
}
