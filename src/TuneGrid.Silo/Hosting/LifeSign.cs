using System.Security.Cryptography;
using System.Text;
using TuneGrid.Coordination;

namespace TuneGrid.Silo.Hosting;

/// <summary>
/// A file that a silo holds open for as long as its process lives: whoever starts beside it in the same home, on the same machine or in
/// another container, sees at once that a killed one is gone, and need not wait for its lease. The system closes the file, however the
/// process ends. Where the file can't be kept, leases run out in their time.
/// </summary>
/// <param name="folder">Of all silos that share this home.</param>
internal sealed class LifeSign(string folder) : IDisposable
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);
    private FileStream? _mine;

    /// <summary>Returns that of the silos that share a scratch folder.</summary>
    public static LifeSign In(SiloSettings settings) => new(Path.Combine(settings.ScratchFolder, "silos"));

    /// <summary>Shows from now on that this silo lives, and forgets those that ended long ago.</summary>
    public void Show(SiloId silo)
    {
        Dispose();
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var old in new DirectoryInfo(folder).EnumerateFiles().Where(f => Age(f) > Forgotten && IsReleased(f.FullName)))
                old.Delete();
            _mine = new(PathOf(silo), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A disk that is full, a folder that is read-only.
        }
    }

    /// <summary>Returns whether the silo showed its life here, and its process has ended without leaving in good order.</summary>
    public bool IsGone(SiloId silo) => IsReleased(PathOf(silo));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_mine is not { } file)
            return;
        // It left in good order: nobody has to ask.
        File.Delete(file.Name);
        file.Dispose();
        _mine = null;
    }

    private static TimeSpan Age(FileInfo file) => TimeProvider.System.GetUtcNow() - file.LastWriteTimeUtc;

    private static bool IsReleased(string path)
    {
        try
        {
            if (!File.Exists(path))
                return false;
            // Only who could lock it knows that nobody else does.
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // A name may hold what no file may be called.
    private string PathOf(SiloId silo) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(silo.Value)))[..24]);
}
