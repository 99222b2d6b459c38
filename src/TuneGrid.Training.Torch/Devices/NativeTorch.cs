using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;
using TuneGrid.Training.Torch.Libtorch;

namespace TuneGrid.Training.Torch.Devices;

/// <summary>
/// Loads libtorch from a folder that no loader searches by itself, and then TorchSharp's wrapper: what it needs is in the process by then. TorchSharp, which
/// asks for all of them by name, is handed what was loaded.
/// </summary>
internal static partial class NativeTorch
{
    private const int ResolveAllNow = 2;

    /// <summary>In the order of who needs whom; what a folder lacks is not needed there.</summary>
    private static readonly string[] Libraries = ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"];

    private static readonly Dictionary<string, nint> Loaded = new(StringComparer.Ordinal);

    /// <summary>Returns null, or why it can't be loaded: one line.</summary>
    public static string? Load(LibtorchFolder folder)
    {
        try
        {
            foreach (var library in Libraries.Where(folder.Has))
                Loaded[library] = NativeLibrary.Load(Path.Combine(folder.Path, LibtorchFolder.FileName(library)));
            var wrapper = folder.Has(LibTorchSharpFile.Library) ? Path.Combine(folder.Path, LibtorchFolder.FileName(LibTorchSharpFile.Library)) : LibTorchSharpFile.Find();
            if (wrapper is null)
                return LibtorchPackage.Missing(LibtorchPackage.ThisPlatform);
            if (WhyNotWhole(wrapper) is { } missing)
                return Failure(folder, missing);
            Loaded[LibTorchSharpFile.Library] = NativeLibrary.Load(wrapper);
            NativeLibrary.SetDllImportResolver(typeof(torch).Assembly, (name, _, _) => Loaded.GetValueOrDefault(name));
            AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!.ResolvingUnmanagedDll += (_, name) => Loaded.GetValueOrDefault(name);
            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or NotSupportedException or EntryPointNotFoundException or TypeInitializationException)
        {
            return Failure(folder, e.Message);
        }
    }

    private static string Failure(LibtorchFolder folder, string message) =>
        $"libtorch in {folder.Path} does not load ({message.Split('\n', StringSplitOptions.RemoveEmptyEntries)[0].Trim().TrimEnd('.')})";

    /// <summary>
    /// Null, or what the wrapper misses in a libtorch of another release than its own. .NET loads lazily, and the first call of a missing function would end the process.
    /// </summary>
    private static string? WhyNotWhole(string wrapper) =>
        OperatingSystem.IsLinux() && Open(wrapper, ResolveAllNow) == 0 ? Marshal.PtrToStringUTF8(LastError()) ?? "no reason given" : null;

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial nint LastError();
}
