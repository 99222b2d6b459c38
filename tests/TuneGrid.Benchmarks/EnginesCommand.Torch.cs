using TuneGrid.Training.Engines;
using TuneGrid.Training.Torch;
using TuneGrid.Training.Torch.Devices;

namespace TuneGrid.Benchmarks;

/// <summary>Compiled with WithTorch only.</summary>
internal static partial class EnginesCommand
{
    static partial void AddTorch(List<TrainingEngine> engines)
    {
        foreach (var (device, answer) in TorchLibrary.Report())
        {
            if (!answer.StartsWith("yes", StringComparison.Ordinal))
                continue;
            foreach (var precision in Enum.GetNames<TorchPrecision>())
                engines.Add(TorchEngine.Open(device, precision));
        }
    }
}
