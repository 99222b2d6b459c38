using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace TuneGrid.Training.Torch.Devices;

/// <summary>The card that CUDA computes on; TorchSharp tells neither its name nor its memory.</summary>
/// <param name="Model">For example "NVIDIA H100 80GB HBM3"; "gpu" where nvidia-smi can't be asked.</param>
/// <param name="MemoryBytes">All of it, whoever uses it now; null where nvidia-smi can't be asked.</param>
internal sealed record GraphicsCard(string Model, long? MemoryBytes)
{
    private const int PatienceMs = 10_000;
    private static readonly GraphicsCard Unknown = new("gpu", null);
    private static readonly Lazy<GraphicsCard> Asked = new(Ask);

    /// <summary>The first that CUDA shows to this process; asked once.</summary>
    public static GraphicsCard First => Asked.Value;

    /// <summary>For example "NVIDIA H100 80GB HBM3 with 79.6 GiB".</summary>
    public override string ToString() =>
        MemoryBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{Model} with {bytes / (double)(1 << 30):0.0} GiB") : Model;

    /// <summary>Returns the card of a line such as "NVIDIA H100 80GB HBM3, 81559", whose number is MiB.</summary>
    internal static GraphicsCard Parse(string? line)
    {
        if (line?.Trim() is not { Length: > 0 } text)
            return Unknown;
        var comma = text.LastIndexOf(',');
        // A card that shares the processor's memory tells "[N/A]".
        return comma > 0
            && long.TryParse(text[(comma + 1)..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var mebibytes)
            ? new(text[..comma].TrimEnd(), mebibytes << 20)
            : new(comma > 0 ? text[..comma].TrimEnd() : text, null);
    }

    private static GraphicsCard Ask()
    {
        var first = Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")?.Split(',')[0].Trim();
        var start = new ProcessStartInfo("nvidia-smi") { RedirectStandardOutput = true, RedirectStandardError = true };
        var card = first is { Length: > 0 } ? first : "0";
        foreach (var argument in (ReadOnlySpan<string>)["--query-gpu=name,memory.total", "--format=csv,noheader,nounits", "-i", card])
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start);
            var line = process?.StandardOutput.ReadLine();
            return process is not null && process.WaitForExit(PatienceMs) && process.ExitCode == 0 ? Parse(line) : Unknown;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return Unknown;
        }
    }
}
