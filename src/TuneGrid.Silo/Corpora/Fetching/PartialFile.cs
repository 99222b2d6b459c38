using System.Text.Json;
using TuneGrid.Training.Files;

namespace TuneGrid.Silo.Corpora.Fetching;

/// <summary>What the server said of the file when its first byte came; bytes may only be added while it still says the same.</summary>
internal sealed record RemoteFile(string Address, string? ETag, long? Bytes);

/// <summary>
/// A file on its way: <c>PATH.part</c> with the bytes so far and <c>PATH.part.json</c> with what they are of. Both survive a cancelled
/// download.
/// </summary>
internal sealed class PartialFile(string path)
{
    private readonly string _part = path + ".part";
    private readonly string _notes = path + ".part.json";

    public bool IsComplete => File.Exists(path);

    public long Bytes => File.Exists(_part) ? new FileInfo(_part).Length : 0;

    /// <summary>What the bytes so far are of, or null if there are none that can be continued.</summary>
    public RemoteFile? Remote(string address)
    {
        if (Bytes == 0 || !File.Exists(_notes))
            return null;
        try
        {
            var remote = JsonSerializer.Deserialize<RemoteFile>(File.ReadAllBytes(_notes));
            return remote?.Address == address && (remote.Bytes is null || Bytes <= remote.Bytes) ? remote : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Restart(RemoteFile remote)
    {
        File.Delete(_part);
        AtomicFile.Write(_notes, stream => JsonSerializer.Serialize(stream, remote));
    }

    public void Discard()
    {
        File.Delete(_part);
        File.Delete(_notes);
    }

    public FileStream Append() => new(_part, FileMode.Append, FileAccess.Write, FileShare.Read, 1 << 16);

    public void Complete()
    {
        File.Move(_part, path, overwrite: true);
        File.Delete(_notes);
    }
}
