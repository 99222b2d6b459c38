using System.Security.Cryptography;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage.Artifacts;

namespace TuneGrid.Testing.Contracts;

/// <summary>What every <see cref="IArtifactStore"/> that keeps bytes must do.</summary>
public abstract class ArtifactStoreContract : IDisposable
{
    private protected static readonly CancellationToken None = CancellationToken.None;
    private protected readonly string Folder = Directory.CreateTempSubdirectory("tunegrid-test-").FullName;

    private protected abstract IArtifactStore Store { get; }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Damages the stored bytes, everywhere they are.</summary>
    private protected abstract void Damage(ArtifactHash hash, string local);

    [StoreTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(512 * 1024)]
    [InlineData(1_300_001)]
    public async Task What_is_put_is_got(int bytes)
    {
        var (path, content) = Make(bytes);
        var hash = await Store.PutAsync(path, None);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), hash.Hex);
        Assert.Equal(hash, await Store.PutAsync(path, None));
        Assert.True(Store.IsLocal(hash));
        Assert.Equal(content, await File.ReadAllBytesAsync(await Store.GetAsync(hash, None)));
    }

    [StoreFact]
    public async Task What_is_deleted_is_missing_and_may_be_deleted_again()
    {
        var hash = await Store.PutAsync(Make(100).Path, None);
        await Store.DeleteAsync(hash, None);
        await Store.DeleteAsync(hash, None);
        Assert.False(Store.IsLocal(hash));
        Assert.Equal(hash, (await Assert.ThrowsAsync<ArtifactDamagedException>(async () => await Store.GetAsync(hash, None))).Hash);
    }

    [StoreFact]
    public async Task What_was_put_is_there_until_it_is_deleted()
    {
        var hash = await Store.PutAsync(Make(102).Path, None);
        Assert.True(await Store.HasAsync(hash, None));
        await Store.DeleteAsync(hash, None);
        Assert.False(await Store.HasAsync(hash, None));
        Assert.False(await Store.HasAsync(new("../../etc/passwd"), None));
        Assert.False(await Store.HasAsync(new(null!), None));
    }

    [StoreFact]
    public async Task What_is_old_enough_is_listed()
    {
        var hash = await Store.PutAsync(Make(101).Path, None);
        Assert.Equal(101, (await Store.ListAsync(TimeSpan.Zero, None))[hash]);
        Assert.DoesNotContain(hash, (await Store.ListAsync(TimeSpan.FromDays(1), None)).Keys);
        await Store.DeleteAsync(hash, None);
        Assert.DoesNotContain(hash, (await Store.ListAsync(TimeSpan.Zero, None)).Keys);
    }

    [StoreFact]
    public async Task Damage_is_found_and_putting_it_again_mends_it()
    {
        var (path, content) = Make(5000);
        var hash = await Store.PutAsync(path, None);
        Damage(hash, await Store.GetAsync(hash, None));
        await Assert.ThrowsAsync<ArtifactDamagedException>(async () => await Store.GetAsync(hash, None));
        await Assert.ThrowsAsync<ArtifactDamagedException>(async () => await Store.GetAsync(hash, None));
        await Store.PutAsync(path, None);
        Assert.Equal(content, await File.ReadAllBytesAsync(await Store.GetAsync(hash, None)));
    }

    [StoreTheory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("ABCDEFabcdefABCDEFabcdefABCDEFabcdefABCDEFabcdefABCDEFabcdefabcd")]
    public async Task A_hash_that_is_none_reaches_no_file(string hash) =>
        await Assert.ThrowsAsync<ArtifactDamagedException>(async () => await Store.GetAsync(new(hash), None));

    private protected (string Path, byte[] Content) Make(int bytes)
    {
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        var path = Path.Combine(Folder, "source.bin");
        File.WriteAllBytes(path, content);
        return (path, content);
    }
}
