using System.Runtime.InteropServices;
using TorchSharp;

namespace TuneGrid.Training.Torch.Libtorch;

/// <summary>The NuGet package that carries libtorch for one platform, on the processor (on a Mac also its GPU).</summary>
/// <param name="Platform">As in the package's folder <c>runtimes/</c>, for example <c>linux-x64</c>.</param>
/// <param name="DownloadBytes">What is fetched.</param>
/// <param name="DiskBytes">What it takes when unpacked.</param>
public sealed record LibtorchPackage(string Platform, long DownloadBytes, long DiskBytes)
{
    /// <summary>The release that the native library inside TorchSharp's package was built against.</summary>
    public const string Version = "2.10.0";

    private static readonly LibtorchPackage[] Served =
    [
        new("linux-x64", 128_200_000, 498_000_000), new("win-x64", 79_900_000, 268_000_000),
        new("win-arm64", 42_000_000, 154_000_000), new("osx-arm64", 56_900_000, 245_000_000),
    ];

    /// <summary>TorchSharp's own version: what is installed belongs to exactly one.</summary>
    public static string TorchSharpVersion { get; } = typeof(torch).Assembly.GetName().Version!.ToString(3);

    /// <summary>For example <c>linux-x64</c>; another C library than glibc has its name in it.</summary>
    public static string ThisPlatform { get; } =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx"
            : RuntimeInformation.RuntimeIdentifier.Contains("musl") ? "linux-musl" : "linux")
        + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>The package's name, for example <c>libtorch-cpu-linux-x64</c>.</summary>
    public string Name => $"libtorch-cpu-{Platform}";

    /// <summary>Returns the package for a platform; null where there is none.</summary>
    public static LibtorchPackage? For(string platform) => Array.Find(Served, p => p.Platform == platform);

    /// <summary>Returns what to tell people whose platform has no package.</summary>
    public static string Missing(string platform) =>
        $"there is no libtorch {Version} for {platform}, only for {string.Join(", ", Served.Select(p => p.Platform))}: "
        + "use --backend native";
}
