using System.Runtime.InteropServices;

namespace TuneGrid.Training.Torch.Libtorch;

/// <summary>
/// The system's C++ library, which TorchSharp's native library needs of GCC 13 or newer on Linux. Asked before anything is loaded or
/// fetched: the loader's own words name a symbol version, and only after hundreds of megabytes.
/// </summary>
internal static class CppLibrary
{
    private const string Name = "libstdc++.so.6";

    /// <summary>What GCC 13 added and every program with streams that it compiles refers to, as GLIBCXX_3.4.32.</summary>
    private const string NewSymbol = "_ZSt21ios_base_library_initv";

    /// <summary>Null, or why libtorch can't be loaded here and what would help: one line, fit for users.</summary>
    public static string? Problem { get; } = OperatingSystem.IsLinux() ? Find() : null;

    private static string? Find()
    {
        if (!NativeLibrary.TryLoad(Name, out var library))
            return $"this system has no C++ library ({Name}): install it (Debian's package is libstdc++6)";
        return NativeLibrary.TryGetExport(library, NewSymbol, out _) ? null :
            "this system's C++ library is too old for TorchSharp (it has no GLIBCXX_3.4.32): "
            + "use a newer distribution, such as Debian 13 or Ubuntu 24.04, or --backend native";
    }
}
