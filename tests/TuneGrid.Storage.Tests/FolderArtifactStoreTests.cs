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
    public void A_folder_that_cannot_be_made_is_named()
    {
        var file = Make(1).Path;
        Assert.Contains(
            file,
            Assert.Throws<StoreUnusableException>(() => new FolderArtifactStore(Path.Combine(file, "x"))).Message,
            StringComparison.Ordinal);
    }
}
