namespace TuneGrid.Training.Torch.Libtorch;

/// <summary>TorchSharp's native wrapper around libtorch, which its package brings for every platform.</summary>
internal static class LibTorchSharpFile
{
    public const string Library = "LibTorchSharp";

    /// <summary>Returns where this program has it; null where its package has none for this platform.</summary>
    public static string? Find()
    {
        var probed = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return probed.Append(AppContext.BaseDirectory)
            .Select(folder => Path.Combine(folder, LibtorchFolder.FileName(Library))).FirstOrDefault(File.Exists);
    }
}
