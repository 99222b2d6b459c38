using System.Globalization;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Files;

namespace TuneGrid.Silo.Corpora;

/// <summary>Copies a text into the library. It may be told to stop, and never copies more than the file had when it began.</summary>
internal static class TextCopy
{
    private const int BlockBytes = 1 << 20;

    /// <exception cref="CorpusException">It is no file with an end, or there is no room for it.</exception>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public static void Make(string from, string to, CancellationToken cancellation)
    {
        switch (FileKinds.Of(from))
        {
            case FileKind.Missing:
                throw new CorpusException($"there is no file '{from}'");
            case FileKind.Folder:
                throw new CorpusException($"'{from}' is a folder; expected a text file");
            case FileKind.Special:
                throw new CorpusException($"'{from}' is a device or a pipe, which may have no end; save its text in a file first");
        }
        using var source = TextFile.Open(from);
        var length = source.Length;
        // What the system makes up while it is read, below /proc for example, says that it is empty, and may never end.
        if (length == 0)
            throw new CorpusException($"'{from}' holds no text");
        RequireRoom(from, length, to);
        using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
        var block = new byte[BlockBytes];
        for (var left = length; left > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = source.Read(block, 0, (int)Math.Min(left, BlockBytes));
            if (read == 0)
                break;
            target.Write(block, 0, read);
            left -= read;
        }
        target.Flush(flushToDisk: true);
    }

    private static void RequireRoom(string from, long length, string to)
    {
        var free = new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(to))!).AvailableFreeSpace;
        if (length > free)
        {
            throw new CorpusException(string.Create(
                CultureInfo.InvariantCulture,
                $"no room for a copy of '{from}': it has {length} bytes, and {free} are free where corpora are kept"));
        }
    }
}
