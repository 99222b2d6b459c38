using TuneGrid.Coordination;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Storage.Artifacts;
using TuneGrid.Storage.Postgres;
using TuneGrid.Testing.Contracts;
using TuneGrid.Testing.Servers;

namespace TuneGrid.Storage.Tests.Postgres;

[Collection(PostgresTests.Name)]
public sealed class PostgresArtifactStoreTests : ArtifactStoreContract, IAsyncLifetime
{
    private readonly PostgresServer _server;
    private readonly PostgresConnections _connections;
    private readonly PostgresArtifactStore _store;

    public PostgresArtifactStoreTests(PostgresServer server)
    {
        _server = server;
        _connections = new(server.ConnectionString, "test");
        _store = new(_connections, new FolderArtifactStore(Path.Combine(Folder, "cache")));
    }

    private protected override IArtifactStore Store => _store;

    public async Task InitializeAsync() => await (await _server.OpenAsync()).DisposeAsync();

    public async Task DisposeAsync() => await _connections.DisposeAsync();

    private protected override void Damage(ArtifactHash hash, string local)
    {
        File.Delete(local);
        _server.ExecuteAsync($"UPDATE tunegrid.artifact_chunks SET data = set_byte(data, 5, get_byte(data, 5) # 1) WHERE hash = '{hash}'")
            .Wait();
    }

    [StoreFact]
    public async Task Another_machine_fetches_it_once()
    {
        var (path, content) = Make(700_000);
        var hash = await _store.PutAsync(path, None);
        var elsewhere = new PostgresArtifactStore(_connections, new FolderArtifactStore(Path.Combine(Folder, "elsewhere")));
        Assert.False(elsewhere.IsLocal(hash));
        Assert.Equal(content, await File.ReadAllBytesAsync(await elsewhere.GetAsync(hash, None)));
        Assert.True(elsewhere.IsLocal(hash));
    }

    [StoreFact]
    public async Task A_damaged_local_copy_is_fetched_anew()
    {
        var (path, content) = Make(1000);
        var hash = await _store.PutAsync(path, None);
        await File.WriteAllTextAsync(await _store.GetAsync(hash, None), "torn");
        Assert.Equal(content, await File.ReadAllBytesAsync(await _store.GetAsync(hash, None)));
    }
}
