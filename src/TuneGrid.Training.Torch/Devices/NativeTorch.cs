using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;
using TuneGrid.Training.Torch.Libtorch;

namespace TuneGrid.Training.Torch.Devices;

/// <summary>
/// Loads libtorch from a folder that no loader searches by itself, and then TorchSharp's wrapper: what it needs is in the process by then.
/// TorchSharp, which asks for all of them by name, is handed what was loaded.
/// </summary>
internal static partial class NativeTorch
{
    private const int ResolveAllNow = 2;

    /// <summary>In the order of who needs whom; what a folder lacks is not needed there.</summary>
    private static readonly string[] Libraries = ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"];

    private static readonly Dictionary<string, nint> Loaded = new(StringComparer.Ordinal);

    private static string _folder = "";

    static NativeTorch()
    {
        NativeLibrary.SetDllImportResolver(typeof(torch).Assembly, (name, _, _) => Resolve(name));
        AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!.ResolvingUnmanagedDll += (_, name) => Resolve(name);
    }

    /// <summary>Returns null, or why it can't be loaded: one line.</summary>
    public static string? Load(LibtorchFolder folder)
    {
        _folder = folder.Path;
        try
        {
            foreach (var library in Libraries.Where(folder.Has))
                Loaded[library] = NativeLibrary.Load(Path.Combine(folder.Path, LibtorchFolder.FileName(library)));
            var wrapper = folder.Has(LibTorchSharpFile.Library)
                ? Path.Combine(folder.Path, LibtorchFolder.FileName(LibTorchSharpFile.Library))
                : LibTorchSharpFile.Find();
            if (wrapper is null)
                return LibtorchPackage.Missing(LibtorchPackage.ThisPlatform);
            if (WhyNotWhole(wrapper) is { } missing)
                return Failure(folder, missing);
            Loaded[LibTorchSharpFile.Library] = NativeLibrary.Load(wrapper);
            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
            or NotSupportedException or TypeInitializationException)
        {
            return Failure(folder, e.Message);
        }
    }

    /// <summary>
    /// What was loaded under that name, or else the folder's file of that name, as TorchSharp asks for CUDA's companions on Windows.
    /// </summary>
    private static nint Resolve(string name)
    {
        if (Loaded.TryGetValue(name, out var known))
            return known;
        var file = Path.Combine(_folder, LibtorchFolder.FileName(Path.GetExtension(name) == ".dll" ? name[..^4] : name));
        return File.Exists(file) && NativeLibrary.TryLoad(file, out var library) ? library : 0;
    }

    private static string Failure(LibtorchFolder folder, string message)
    {
        // .NET's own first line only leads to the loader's.
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var reason = lines[Math.Min(1, lines.Length - 1)].TrimEnd('.');
        return folder.NamedAs is { } named
            ? $"{LibtorchFolder.Variable}={named} does not load as libtorch {LibtorchPackage.Version} ({reason})"
            : $"libtorch in {folder.Path} does not load ({reason}): delete that folder and run 'tunegrid torch install' again";
    }

    /// <summary>
    /// Null, or what the wrapper misses in a libtorch of another release than its own. .NET loads lazily, and the first call of a missing
    /// function would end the process.
    /// </summary>
    private static string? WhyNotWhole(string wrapper)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        // Called once before, since binding the function itself would clear the error that it tells.
        _ = LastError();
        return Open(wrapper, ResolveAllNow) == 0 ? Marshal.PtrToStringUTF8(LastError()) ?? "it does not say why" : null;
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial nint LastError();
}
