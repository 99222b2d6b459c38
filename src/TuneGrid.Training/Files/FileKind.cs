using System.Runtime.InteropServices;

namespace TuneGrid.Training.Files;

/// <summary>What stands behind a path, links followed.</summary>
public enum FileKind
{
    /// <summary>Nothing, or nothing that may be looked at.</summary>
    Missing,

    /// <summary>A file with an end, which may be replaced.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A device, a pipe, a socket: it may be endless, and must never be replaced.</summary>
    Special,
}

/// <summary>Tells files from devices and pipes, which .NET's own attributes don't.</summary>
public static unsafe class FileKinds
{
    private const int KindBits = 0xF000, RegularFile = 0x8000, DirectoryFile = 0x4000;

    // More than the structure has: its second number is the mode, as stat(2) gives it.
    private const int StatusNumbers = 128;

    /// <summary>Returns what stands behind a path.</summary>
    public static FileKind Of(string path)
    {
        var full = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows())
        {
            return full.StartsWith(@"\\.\", StringComparison.Ordinal) ? FileKind.Special
                : File.Exists(full) ? FileKind.Regular
                : Directory.Exists(full) ? FileKind.Folder
                : FileKind.Missing;
        }
        var status = stackalloc int[StatusNumbers];
        if (Stat(full, status) != 0)
            return FileKind.Missing;
        return (status[1] & KindBits) switch
        {
            RegularFile => FileKind.Regular,
            DirectoryFile => FileKind.Folder,
            _ => FileKind.Special,
        };
    }

    /// <summary>.NET's own view of stat(2), which is the same on every Unix; libc's structure is not.</summary>
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat", SetLastError = true)]
    private static extern int Stat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int* status);
}
