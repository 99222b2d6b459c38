using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage.Artifacts;
using TuneGrid.Storage.Postgres;
using TuneGrid.Storage.Sqlite;

namespace TuneGrid.Storage;

/// <summary>A store in use: its ledger and its artifacts. Dispose of it to let go of files and connections.</summary>
public sealed record OpenedStore(IStudyStore Studies, IArtifactStore Artifacts, StoreLocation Location) : IAsyncDisposable
{
    /// <summary>Small texts that the processes of the store share.</summary>
    public ISharedTexts Texts => Studies as ISharedTexts ?? throw new NotSupportedException("this store keeps no shared texts");

    /// <summary>No other store keeps its artifacts in the same place: nobody has named the folder.</summary>
    public bool OwnsArtifacts => Location is StoreLocation.Sqlite { HasUsualArtifacts: true } or StoreLocation.Postgres { Artifacts: null };

    /// <summary>Makes sure, before the first artifact is written, that this place for them is the one of all the store's silos.</summary>
    /// <exception cref="StoreUnusableException">The others keep them elsewhere.</exception>
    public Task ClaimArtifactsAsync(CancellationToken cancellation) => Location switch
    {
        StoreLocation.Sqlite sqlite =>
            ArtifactHome.ClaimAsync(Texts, sqlite.Artifacts, !sqlite.HasUsualArtifacts, sqlite.ToString(), cancellation),
        StoreLocation.Postgres postgres => ArtifactHome.ClaimAsync(Texts, postgres.Artifacts, true, postgres.ToString(), cancellation),
        _ => throw new NotSupportedException($"{Location} is no store"),
    };

    public ValueTask DisposeAsync() => Studies.DisposeAsync();
}

public static class StoreOpener
{
    /// <summary>Opens a store, an SQLite one with its folders being made on first use.</summary>
    /// <param name="clock">The clock of an SQLite store; a PostgreSQL store has the database's.</param>
    /// <exception cref="StoreUnusableException">It can't be used; the message says what to do.</exception>
    /// <exception cref="StoreUnavailableException">It can't be reached now.</exception>
    public static async Task<OpenedStore> OpenAsync(
        StoreLocation location, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return location switch
        {
            StoreLocation.Sqlite sqlite =>
                new(SqliteStudyStore.Open(sqlite.File, clock ?? TimeProvider.System), new FolderArtifactStore(sqlite.Artifacts), sqlite),
            StoreLocation.Postgres postgres => await OpenAsync(postgres, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(location)),
        };
    }

    private static async Task<OpenedStore> OpenAsync(StoreLocation.Postgres location, CancellationToken cancellation)
    {
        var connections = new PostgresConnections(location.ConnectionString, location.ToString());
        try
        {
            var folder = new FolderArtifactStore(location.Artifacts ?? location.Cache);
            var studies = await PostgresStudyStore.OpenAsync(connections, cancellation);
            return new(studies, location.Artifacts is null ? new PostgresArtifactStore(connections, folder) : folder, location);
        }
        catch
        {
            await connections.DisposeAsync();
            throw;
        }
    }
}
