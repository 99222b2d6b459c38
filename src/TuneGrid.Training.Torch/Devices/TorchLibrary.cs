using System.Runtime.InteropServices;
using TorchSharp;
using TuneGrid.Training.Engines;

namespace TuneGrid.Training.Torch.Devices;

/// <summary>libtorch, loaded once per process, and which devices it can use here.</summary>
public static class TorchLibrary
{
    private static readonly Lazy<string?> Failure = new(Load);

    /// <summary>"yes" with what it is, or "no" with the reason, per device; loads the library.</summary>
    public static IReadOnlyDictionary<TorchDevice, string> Report() =>
        Enum.GetValues<TorchDevice>().ToDictionary(d => d, d => WhyMissing(d) is { } reason ? $"no: {reason}" : $"yes: {Describe(d)}");

    /// <exception cref="EngineUnavailableException">The library or the device is not there.</exception>
    internal static torch.Device Open(TorchDevice device)
    {
        if (WhyMissing(device) is { } reason)
            throw new EngineUnavailableException($"--backend torch can't use {device.ToString().ToLowerInvariant()}: {reason}");
        return new torch.Device(device switch { TorchDevice.Cuda => DeviceType.CUDA, TorchDevice.Mps => DeviceType.MPS, _ => DeviceType.CPU });
    }

    private static string? WhyMissing(TorchDevice device)
    {
        if (Failure.Value is { } failure)
            return failure;
        return device switch
        {
            TorchDevice.Cuda when !torch.TryInitializeDeviceType(DeviceType.CUDA) =>
                "libtorch finds no CUDA device; it needs an NVIDIA driver and a build with WithTorch=cuda-linux or cuda-windows",
            TorchDevice.Mps when !torch.mps_is_available() => "this is no Apple Silicon",
            _ => null,
        };
    }

    private static string Describe(TorchDevice device) => device == TorchDevice.Cuda ? GraphicsCard.Model() : $"libtorch {torch.__version__}";

    /// <summary>Null, or why it can't be loaded. Asked of the system first: TorchSharp would print pages to stdout.</summary>
    private static string? Load()
    {
        OpenMpSettings.Apply();
        // LibTorchSharp finds the rest of libtorch once that is loaded, wherever the package put it.
        _ = NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out _);
        if (!NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out _))
            return "the build holds no native libtorch for this system; build with WithTorch=true, cuda-linux or cuda-windows";
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            return $"libtorch does not load ({e.Message.Split('\n')[0].TrimEnd('.')})";
        }
    }
}
