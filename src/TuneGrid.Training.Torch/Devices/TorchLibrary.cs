using TorchSharp;
using TuneGrid.Training.Engines;
using TuneGrid.Training.Torch.Libtorch;

namespace TuneGrid.Training.Torch.Devices;

/// <summary>libtorch in this process, and which devices it can use. A process loads one, the first that was asked for and works.</summary>
public static class TorchLibrary
{
    private static readonly string NeedsCudaBuild =
        $"set {LibtorchFolder.Variable} to a folder with libtorch {LibtorchPackage.Version} for CUDA; what is installed is for processors";
    private static readonly Lock Gate = new();
    private static bool _isLoaded;

    /// <summary>Returns null, loading libtorch if need be, or why it can't be used: one line, fit for users.</summary>
    public static string? Load(LibtorchFolder folder)
    {
        // What the user named is looked at first, so that a mistake in it shows whatever else is wrong.
        var problem = folder.NamedAs is null ? CppLibrary.Problem ?? folder.Problem() : folder.Problem() ?? CppLibrary.Problem;
        if (problem is not null)
            return problem;
        lock (Gate)
        {
            if (_isLoaded)
                return null;
            OpenMpSettings.Apply();
            problem = NativeTorch.Load(folder);
            _isLoaded = problem is null;
            return problem;
        }
    }

    /// <summary>
    /// Returns what <c>doctor</c> shows, loading the library: "yes" with what it is, or "no" with the reason, for libtorch and each of its
    /// devices.
    /// </summary>
    public static IReadOnlyList<(string Name, string State)> Report(LibtorchFolder folder)
    {
        if (Load(folder) is { } problem)
        {
            // Whoever has a card learns here what it takes.
            return folder.NamedAs is null && !OperatingSystem.IsMacOS()
                ? [("torch", $"no: {problem}"), (Shown(TorchDevice.Cuda), $"no: {NeedsCudaBuild}")]
                : [("torch", $"no: {problem}")];
        }
        var library = $"yes: libtorch {LibtorchPackage.Version} with TorchSharp {LibtorchPackage.TorchSharpVersion}, in {folder.Path}";
        return [("torch", library), .. Enum.GetValues<TorchDevice>().Select(device => (Shown(device), State(device, folder)))];
    }

    /// <summary>Whether the library is there and can use the device; loads it.</summary>
    public static bool Has(TorchDevice device, LibtorchFolder folder) => Load(folder) is null && WhyMissing(device, folder) is null;

    /// <exception cref="EngineUnavailableException">The library or the device is not there.</exception>
    internal static torch.Device Open(TorchDevice device, LibtorchFolder folder)
    {
        if (Load(folder) is { } problem)
            throw new EngineUnavailableException($"--backend torch: {problem}");
        if (WhyMissing(device, folder) is { } reason)
            throw new EngineUnavailableException($"--device {Name(device)}: {reason}");
        return new torch.Device(
            device switch { TorchDevice.Cuda => DeviceType.CUDA, TorchDevice.Mps => DeviceType.MPS, _ => DeviceType.CPU });
    }

    private static string? WhyMissing(TorchDevice device, LibtorchFolder folder) => device switch
    {
        TorchDevice.Cuda when OperatingSystem.IsMacOS() => "a Mac has none",
        TorchDevice.Cuda when !folder.Has("torch_cuda") => NeedsCudaBuild,
        TorchDevice.Cuda when !torch.TryInitializeDeviceType(DeviceType.CUDA) => "libtorch finds no CUDA device: does nvidia-smi show one?",
        TorchDevice.Mps when !torch.mps_is_available() => "this is no Mac with Apple's processor",
        _ => null,
    };

    private static string State(TorchDevice device, LibtorchFolder folder) =>
        WhyMissing(device, folder) is { } reason ? $"no: {reason}" : device == TorchDevice.Cuda ? $"yes: {GraphicsCard.First}" : "yes";

    private static string Shown(TorchDevice device) => $"torch {Name(device)}";

    private static string Name(TorchDevice device) => device.ToString().ToLowerInvariant();
}
