namespace TuneGrid.Training.Files;

/// <summary>
/// Files that are there whole or not at all: written under a scratch name, flushed to the disk, renamed. What a link leads to is replaced,
/// not the link; devices and pipes are written to as they are, since a rename would replace them.
/// </summary>
public static class AtomicFile
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Writes a file through <paramref name="write"/>, replacing the one that is there.</summary>
    /// <param name="mode">Who may read it, on Unix; null for what the system gives new files.</param>
    /// <exception cref="IOException">There is no room for it, or no right to write it.</exception>
    public static void Write(string path, Action<Stream> write, UnixFileMode? mode = null)
    {
        try
        {
            if (FileKinds.Of(path) == FileKind.Special)
                WriteThrough(path, write);
            else
                Replace(Target(path), write, mode);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What .NET makes of a limit on the size of files.
            throw new IOException(e.Message, e);
        }
    }

    private static void WriteThrough(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, BufferBytes);
        write(stream);
    }

    private static void Replace(string path, Action<Stream> write, UnixFileMode? mode)
    {
        var temporary = ScratchFile.Beside(path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = BufferBytes,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>The file that a chain of links ends at.</summary>
    private static string Target(string path) =>
        new FileInfo(path) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } target
            ? target.FullName
            : path;
}
