using System.Security.Cryptography;

namespace TuneGrid.Training.Files;

/// <summary>
/// Files that live for a moment. Their names are random: a process id is 1 in every container, and containers share volumes.
/// </summary>
public static class ScratchFile
{
    private const string Ending = ".tmp";
    private const int RandomBytes = 16;

    /// <summary>Nobody writes one file for so long.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    // Until 0.1 a silo's checkpoints on their way began with its process id.
    private static readonly string[] FormerEndings = ["-checkpoint.safetensors", "-model.safetensors"];

    /// <summary>Returns a name beside <paramref name="path"/> that nobody else has.</summary>
    public static string Beside(string path) => $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}{Ending}";

    /// <summary>
    /// Deletes from a folder what killed processes left of such files and folders: those of a day ago that no process holds open. Nothing
    /// behind a link is touched, and what can't be deleted stays.
    /// </summary>
    public static void Sweep(string folder)
    {
        var here = new DirectoryInfo(folder);
        try
        {
            if (!here.Exists || here.LinkTarget is not null)
                return;
            foreach (var entry in here.EnumerateFileSystemInfos().Where(IsLeftover))
                Delete(entry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Leftovers take room, no more: they are no reason not to work.
        }
    }

    private static bool IsLeftover(FileSystemInfo entry) =>
        entry.LinkTarget is null && IsScratch(entry.Name) && TimeProvider.System.GetUtcNow() - entry.LastWriteTimeUtc > Lifetime;

    private static bool IsScratch(string name)
    {
        if (FormerEndings.FirstOrDefault(e => name.EndsWith(e, StringComparison.Ordinal)) is { } former)
            return name.Length > former.Length && name[..^former.Length].All(char.IsAsciiDigit);
        const int length = (2 * RandomBytes) + 1;
        return name.EndsWith(Ending, StringComparison.Ordinal) && name.Length > length + Ending.Length
            && name[^(length + Ending.Length)] == '.'
            && name.AsSpan()[^(length + Ending.Length - 1)..^Ending.Length].IndexOfAnyExcept("0123456789abcdef") < 0;
    }

    private static void Delete(FileSystemInfo entry)
    {
        try
        {
            if (entry is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
                return;
            }
            // Whoever writes it holds it, in whatever container: then this fails.
            using (new FileStream(entry.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                entry.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is in use, or somebody else's.
        }
    }
}
