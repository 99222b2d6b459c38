namespace TuneGrid.Training.Corpora;

/// <summary>Files that are there whole or not at all: written under a temporary name, flushed to the disk, renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file through <paramref name="write"/>, replacing the one that is there.</summary>
    /// <exception cref="IOException">There is no room for it, or no right to write it.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What .NET makes of a limit on the size of files.
            throw new IOException(e.Message, e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
