using System.Security.Cryptography;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Storage.Artifacts;

/// <summary>
/// Artifacts as files named by their hash: <c>objects/ab/cdef...</c>. A file appears under its name only after its bytes are on the disk,
/// so that a crash leaves at most a nameless file in <c>incoming</c>. Many processes, and machines over a shared folder, may use it at
/// once.
/// </summary>
internal sealed class FolderArtifactStore : IArtifactStore
{
    private static readonly TimeSpan IncomingLifetime = TimeSpan.FromDays(1);

    private readonly string _objects;
    private readonly string _incoming;
    private readonly string _damaged;

    /// <exception cref="StoreUnusableException">The folder can't be written.</exception>
    public FolderArtifactStore(string folder)
    {
        _objects = Path.Combine(folder, "objects");
        _incoming = Path.Combine(folder, "incoming");
        _damaged = Path.Combine(folder, "damaged");
        Guard(() =>
        {
            Directory.CreateDirectory(_objects);
            Directory.CreateDirectory(_incoming);
            SweepIncoming();
            return true;
        });
    }

    public async ValueTask<ArtifactHash> PutAsync(string path, CancellationToken cancellation)
    {
        await using var source = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
        return await PutAsync(source, cancellation);
    }

    /// <summary>Takes in the rest of a stream.</summary>
    public async ValueTask<ArtifactHash> PutAsync(Stream source, CancellationToken cancellation)
    {
        var incoming = Path.Combine(_incoming, Path.GetRandomFileName());
        try
        {
            var hash = await CopyAsync(source, incoming, cancellation);
            var target = PathOf(hash);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            // Also over an existing file: it may be damaged, and what was just hashed is not.
            File.Move(incoming, target, overwrite: true);
            return hash;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unusable(fault);
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    public async ValueTask<string> GetAsync(ArtifactHash hash, CancellationToken cancellation)
    {
        var path = PathOf(hash);
        try
        {
            await using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.SequentialScan);
            if (Hash(await SHA256.HashDataAsync(file, cancellation)) == hash)
                return path;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException && Directory.Exists(_objects))
        {
            throw new ArtifactDamagedException(hash, $"artifact {hash} is missing from {_objects}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // No handles, no rights, a disk that fails, a folder that is not mounted: this machine's fault, and the artifact may be sound.
            throw new StoreUnusableException(
                $"artifact {hash} can't be read from {_objects}: {fault.Message.TrimEnd('.')}; check its access rights and the disk",
                fault);
        }
        MoveAside(path, hash);
        throw new ArtifactDamagedException(hash, $"artifact {hash} is damaged; its file was moved to {_damaged}");
    }

    public bool IsLocal(ArtifactHash hash) => File.Exists(PathOf(hash));

    public ValueTask DeleteAsync(ArtifactHash hash, CancellationToken cancellation)
    {
        var path = PathOf(hash);
        Guard(() =>
        {
            // Behind a link lies somebody else's.
            if (File.Exists(path) && new DirectoryInfo(Path.GetDirectoryName(path)!).LinkTarget is null)
                File.Delete(path);
            return true;
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> HasAsync(ArtifactHash hash, CancellationToken cancellation) => new(IsHash(hash) && File.Exists(PathOf(hash)));

    public ValueTask<IReadOnlyDictionary<ArtifactHash, long>> ListAsync(TimeSpan minimumAge, CancellationToken cancellation)
    {
        var newest = TimeProvider.System.GetUtcNow() - minimumAge;
        return new(Guard<IReadOnlyDictionary<ArtifactHash, long>>(() =>
        {
            var found = new Dictionary<ArtifactHash, long>();
            foreach (var file in Files())
            {
                var hash = new ArtifactHash(file.Directory!.Name + file.Name);
                if (IsHash(hash) && file.LastWriteTimeUtc <= newest)
                    found[hash] = SizeOf(file);
            }
            return found;
        }));
    }

    private static async Task<ArtifactHash> CopyAsync(Stream source, string path, CancellationToken cancellation)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
        var buffer = new byte[1 << 18];
        for (int read; (read = await source.ReadAsync(buffer, cancellation)) > 0;)
        {
            sha.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
        target.Flush(flushToDisk: true);
        return Hash(sha.GetHashAndReset());
    }

    private static ArtifactHash Hash(byte[] sha) => new(Convert.ToHexStringLower(sha));

    private static bool IsHash(ArtifactHash hash) => hash.Hex is { Length: 64 } && !hash.Hex.AsSpan().ContainsAnyExcept("0123456789abcdef");

    /// <summary>0 for a file that somebody has deleted since it was listed.</summary>
    private static long SizeOf(FileInfo file) => file.Exists ? file.Length : 0;

    private string PathOf(ArtifactHash hash)
    {
        // The hash may come from a ledger that others write: it must never become a path of their choosing.
        if (!IsHash(hash))
            throw new ArtifactDamagedException(hash, $"'{hash}' is not the hash of an artifact");
        return Path.Combine(_objects, hash.Hex[..2], hash.Hex[2..]);
    }

    private void MoveAside(string path, ArtifactHash hash)
    {
        try
        {
            Directory.CreateDirectory(_damaged);
            File.Move(path, Path.Combine(_damaged, hash.Hex), overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Somebody else moved it first, or the folder is read-only: it stays refused by its hash.
        }
    }

    /// <summary>
    /// Deletes what a killed process left half-written a day ago: nobody copies one file for longer. Only what this class could have named,
    /// and nothing behind a link: the folder may be anybody's.
    /// </summary>
    private void SweepIncoming()
    {
        var incoming = new DirectoryInfo(_incoming);
        if (incoming.LinkTarget is not null)
            return;
        foreach (var file in incoming.EnumerateFiles().Where(f => f.LinkTarget is null && IsIncoming(f.Name)))
        {
            if (TimeProvider.System.GetUtcNow() - file.LastWriteTimeUtc > IncomingLifetime)
                file.Delete();
        }
    }

    /// <summary>Whether it is a name as <see cref="Path.GetRandomFileName"/> makes them.</summary>
    private static bool IsIncoming(string name) =>
        name is { Length: 12 } && name[8] == '.' && name.Remove(8, 1).All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    /// <summary>The files of all artifacts; those behind a link are no artifacts of this store, and a sweep must not meet them.</summary>
    private IEnumerable<FileInfo> Files() => new DirectoryInfo(_objects) is { LinkTarget: null } objects
        ? objects.EnumerateFiles("*", new EnumerationOptions
        {
            RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint,
        })
        : [];

    private T Guard<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unusable(fault);
        }
    }

    private StoreUnusableException Unusable(Exception fault) =>
        new(
            $"the artifact folder {Path.GetDirectoryName(_objects)} can't be written: {fault.Message.TrimEnd('.')}; "
                + "check its access rights and the disk's free space",
            fault);
}
