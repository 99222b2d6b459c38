using TuneGrid.Cli.Terminal;

namespace TuneGrid.Cli.Input;

/// <summary>Files that a person names: what is wrong with one is said before any work starts.</summary>
internal static class InputFile
{
    /// <exception cref="UsageException">It is not there, or is a folder.</exception>
    public static string Required(string path) =>
        File.Exists(path) ? path
        : Directory.Exists(path) ? throw new UsageException($"'{path}' is a folder; expected a file")
        : throw new UsageException($"there is no file '{path}'");

    public static string? Optional(string? path) => path is null ? null : Required(path);
}
