using TuneGrid.Testing;

namespace TuneGrid.EndToEnd.Tests.Architecture;

/// <summary>The C# files that people write, which leaves out what builds generate.</summary>
internal static class SourceFiles
{
    /// <summary>Returns the files under a folder of the repository, as paths from its root with '/' between their parts.</summary>
    public static IEnumerable<string> Under(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "obj" or "bin"))
            .Order(StringComparer.Ordinal);

    /// <summary>Returns the text of a file that <see cref="Under"/> named.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));
}
