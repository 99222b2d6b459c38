using TuneGrid.Training.Files;

namespace TuneGrid.Silo.Security;

/// <summary>Files with private keys: nobody but their owner may read them, and a crash leaves none half written.</summary>
internal static class KeyFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates the folder, for its owner alone, unless it is there.</summary>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute);
    }

    public static void Write(string path, byte[] content) => AtomicFile.Write(path, file => file.Write(content), Owner);
}
