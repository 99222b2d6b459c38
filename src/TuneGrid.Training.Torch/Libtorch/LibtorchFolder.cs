namespace TuneGrid.Training.Torch.Libtorch;

/// <summary>
/// Where libtorch's files are looked for: in the folder that the user names, or where <c>tunegrid torch install</c> puts them.
/// </summary>
/// <param name="Path">The folder of the library files themselves.</param>
/// <param name="NamedAs">What the user wrote; null for the installed folder.</param>
public sealed record LibtorchFolder(string Path, string? NamedAs)
{
    /// <summary>
    /// Environment variable that names a folder with libtorch, as unpacked or its <c>lib/</c>: above all one built for CUDA.
    /// </summary>
    public const string Variable = "TUNEGRID_LIBTORCH";

    /// <summary>Releases that TorchSharp's native library works with, without the last number.</summary>
    private static readonly string Release = LibtorchPackage.Version[..LibtorchPackage.Version.LastIndexOf('.')];

    /// <summary>Returns the folder that the variable names, else the installed one, whether there is anything in it or not.</summary>
    /// <param name="home">The folder that holds all that TuneGrid keeps.</param>
    public static LibtorchFolder Find(string home, Func<string, string?> variable)
    {
        if (variable(Variable) is not { Length: > 0 } named)
            return new(Installed(home), null);
        var folder = System.IO.Path.GetFullPath(named);
        return new(Holds(folder, "torch_cpu") ? folder : System.IO.Path.Combine(folder, "lib"), named);
    }

    /// <summary>Returns the folder of what <c>tunegrid torch install</c> fetches.</summary>
    public static string Installed(string home) => System.IO.Path.Combine(home, "torch", LibtorchPackage.TorchSharpVersion);

    /// <summary>Returns the name of a library's file, for example <c>libtorch_cpu.so</c>.</summary>
    public static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>Whether the folder has the file of a library, named without prefix and extension.</summary>
    public bool Has(string library) => Holds(Path, library);

    /// <summary>Returns null, or why the files in it can't be used and what would help: one line, fit for users.</summary>
    public string? Problem()
    {
        if (NamedAs is null)
        {
            if (Has("torch_cpu"))
                return null;
            var isServed = LibtorchPackage.For(LibtorchPackage.ThisPlatform) is not null;
            return isServed
                ? "libtorch is not installed: run 'tunegrid torch install'"
                : LibtorchPackage.Missing(LibtorchPackage.ThisPlatform);
        }
        if (!Has("torch_cpu") || !Has("c10") || !Has("torch"))
        {
            var found = Directory.Exists(NamedAs)
                ? $"has no {FileName("torch_cpu")} with its companions, nor has its lib/"
                : "is no folder";
            return $"{Variable}={NamedAs} {found}: name the folder of libtorch {Release} as unpacked, or unset it";
        }
        return Told() is { } told && told != Release && !told.StartsWith(Release + ".", StringComparison.Ordinal)
            ? $"{Variable}={NamedAs} holds libtorch {told}, and TorchSharp {LibtorchPackage.TorchSharpVersion} works with {Release}: "
                + "name one of that"
            : null;
    }

    private static bool Holds(string folder, string library) => File.Exists(System.IO.Path.Combine(folder, FileName(library)));

    /// <summary>
    /// Its version, for example 2.10.0+cu128, from the file beside lib/ that says so: an archive's build-version or a Python package's
    /// version.py.
    /// </summary>
    private string? Told()
    {
        var above = System.IO.Path.GetDirectoryName(Path)!;
        if (System.IO.Path.Combine(above, "build-version") is var stamp && File.Exists(stamp))
            return File.ReadAllText(stamp).Trim();
        if (System.IO.Path.Combine(above, "version.py") is var module && File.Exists(module))
            return File.ReadLines(module).FirstOrDefault(l => l.StartsWith("__version__", StringComparison.Ordinal))
                ?.Split('=')[^1].Trim(' ', '\'', '"');
        return null;
    }
}
