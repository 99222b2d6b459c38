using TuneGrid.Cli.Terminal;
using TuneGrid.Training.Files;

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

    /// <summary>For what is read whole: a device or a pipe may have no end.</summary>
    /// <exception cref="UsageException">It is not there, or no ordinary file.</exception>
    public static string? OptionalOrdinary(string? path) => Optional(path) is { } found && FileKinds.Of(found) == FileKind.Special
        ? throw new UsageException($"'{path}' is a device or a pipe, which may have no end; expected a file")
        : path;

    /// <summary>The first characters of a file, or of stdin: no more is read than somebody looks at.</summary>
    public static string Beginning(TextReader reader, int characters)
    {
        var buffer = new char[characters];
        return new string(buffer, 0, reader.ReadBlock(buffer, 0, characters));
    }
}
