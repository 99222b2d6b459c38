using System.ComponentModel;
using System.Diagnostics;

namespace TuneGrid.Training.Torch.Devices;

/// <summary>The name of the card that CUDA computes on; TorchSharp does not tell it.</summary>
internal static class GraphicsCard
{
    private const string Unknown = "gpu";
    private const int PatienceMs = 10_000;

    /// <summary>For example "NVIDIA H100 80GB HBM3"; "gpu" where nvidia-smi can't be asked.</summary>
    public static string Model()
    {
        var first = Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")?.Split(',')[0].Trim();
        var start = new ProcessStartInfo("nvidia-smi") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (ReadOnlySpan<string>)["--query-gpu=name", "--format=csv,noheader", "-i", first is { Length: > 0 } ? first : "0"])
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start);
            var line = process?.StandardOutput.ReadLine()?.Trim();
            return process is not null && process.WaitForExit(PatienceMs) && process.ExitCode == 0 && line is { Length: > 0 } ? line : Unknown;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return Unknown;
        }
    }
}
