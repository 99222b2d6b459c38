using System.Security.Cryptography;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination;
using TuneGrid.Storage.Artifacts;
using TuneGrid.Testing.Contracts;

namespace TuneGrid.Storage.Tests;

public sealed class FolderArtifactStoreTests : ArtifactStoreContract
{
    private readonly FolderArtifactStore _store;

    public FolderArtifactStoreTests() => _store = new(Path.Combine(Folder, "store"));

    private protected override IArtifactStore Store => _store;

    private protected override void Damage(ArtifactHash hash, string local)
    {
        var bytes = File.ReadAllBytes(local);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(local, bytes);
    }

    [StoreFact]
    public async Task A_cut_file_is_damaged_wherever_it_is_cut()
    {
        var (path, content) = Make(400);
        for (var length = 0; length < content.Length; length += 37)
        {
            var hash = await _store.PutAsync(path, None);
            await File.WriteAllBytesAsync(await _store.GetAsync(hash, None), content[..length]);
            await Assert.ThrowsAsync<ArtifactDamagedException>(async () => await _store.GetAsync(hash, None));
            Assert.False(_store.IsLocal(hash));
        }
    }

    [StoreFact]
    public async Task What_lies_behind_a_link_is_neither_swept_nor_listed_nor_deleted()
    {
        var (store, elsewhere) = (Path.Combine(Folder, "store"), Directory.CreateDirectory(Path.Combine(Folder, "elsewhere")).FullName);
        var (left, mine) = (Path.Combine(elsewhere, "abcdefgh.ijk"), Path.Combine(elsewhere, new string('a', 62)));
        foreach (var file in new[] { left, mine })
        {
            File.WriteAllText(file, "x");
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-2));
        }
        Directory.Delete(Path.Combine(store, "incoming"));
        Directory.CreateSymbolicLink(Path.Combine(store, "incoming"), elsewhere);
        Directory.CreateSymbolicLink(Path.Combine(store, "objects", "aa"), elsewhere);
        var again = new FolderArtifactStore(store);
        Assert.Empty(await again.ListAsync(TimeSpan.Zero, None));
        await again.DeleteAsync(new(new string('a', 64)), None);
        Assert.True(File.Exists(left) && File.Exists(mine));
    }

    [StoreFact]
    public void Only_what_it_could_have_left_itself_is_swept()
    {
        var incoming = Path.Combine(Folder, "store", "incoming");
        foreach (var name in new[] { "abcdefgh.ijk", "my-notes.txt" })
        {
            File.WriteAllText(Path.Combine(incoming, name), "x");
            File.SetLastWriteTimeUtc(Path.Combine(incoming, name), DateTime.UtcNow.AddDays(-2));
        }
        _ = new FolderArtifactStore(Path.Combine(Folder, "store"));
        Assert.Equal(["my-notes.txt"], Directory.GetFiles(incoming).Select(Path.GetFileName));
    }

    [StoreFact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        var file = Make(1).Path;
        Assert.Contains(
            file,
            Assert.Throws<StoreUnusableException>(() => new FolderArtifactStore(Path.Combine(file, "x"))).Message,
            StringComparison.Ordinal);
    }
}
