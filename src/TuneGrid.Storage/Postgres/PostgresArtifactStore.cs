using Npgsql;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Storage.Artifacts;

namespace TuneGrid.Storage.Postgres;

/// <summary>Artifacts as rows of chunks in the database, behind a folder of this machine that keeps what it has put or got.</summary>
internal sealed class PostgresArtifactStore(PostgresConnections connections, FolderArtifactStore cache) : IArtifactStore
{
    private const int ChunkBytes = 512 * 1024;

    public async ValueTask<ArtifactHash> PutAsync(string path, CancellationToken cancellation)
    {
        var hash = await cache.PutAsync(path, cancellation);
        var local = await cache.GetAsync(hash, cancellation);
        // May run twice: an artifact that is there is left as it is.
        await connections.RepeatAsync((connection, token) => UploadAsync(connection, hash, local, token), cancellation);
        return hash;
    }

    public async ValueTask<string> GetAsync(ArtifactHash hash, CancellationToken cancellation)
    {
        if (cache.IsLocal(hash))
        {
            try
            {
                return await cache.GetAsync(hash, cancellation);
            }
            catch (ArtifactDamagedException)
            {
                // Only this machine's copy was; the database has another.
            }
        }
        var got = await connections.RepeatAsync((connection, token) => DownloadAsync(connection, hash, token), cancellation);
        if (got == hash)
            return await cache.GetAsync(hash, cancellation);
        // Taken out, so that whoever trains it anew can put it again.
        await DeleteAsync(hash, cancellation);
        throw new ArtifactDamagedException(
            hash, got is null ? $"artifact {hash} is not in {connections.Place}" : $"artifact {hash} is damaged in {connections.Place}");
    }

    public bool IsLocal(ArtifactHash hash) => cache.IsLocal(hash);

    public async ValueTask DeleteAsync(ArtifactHash hash, CancellationToken cancellation)
    {
        await cache.DeleteAsync(hash, cancellation);
        await connections.RepeatAsync(async (connection, token) =>
        {
            await using var delete = new NpgsqlCommand("DELETE FROM tunegrid.artifacts WHERE hash = $1", connection)
            {
                Parameters = { new() { Value = hash.Hex } },
            };
            return await delete.ExecuteNonQueryAsync(token);
        }, cancellation);
    }

    public async ValueTask<bool> HasAsync(ArtifactHash hash, CancellationToken cancellation) =>
        await connections.RepeatAsync(async (connection, token) =>
        {
            await using var select = new NpgsqlCommand("SELECT 1 FROM tunegrid.artifacts WHERE hash = $1", connection)
            {
                Parameters = { new() { Value = hash.Hex ?? "" } },
            };
            return await select.ExecuteScalarAsync(token) is not null;
        }, cancellation);

    /// <summary>Those in the database, and this machine's copies of those that others have deleted there.</summary>
    public async ValueTask<IReadOnlyDictionary<ArtifactHash, long>> ListAsync(TimeSpan minimumAge, CancellationToken cancellation)
    {
        var stored = await connections.RepeatAsync(async (connection, token) =>
        {
            await using var select = new NpgsqlCommand(
                "SELECT hash, bytes FROM tunegrid.artifacts WHERE stored_at <= clock_timestamp() - $1", connection)
            {
                Parameters = { new() { Value = minimumAge } },
            };
            await using var row = await select.ExecuteReaderAsync(token);
            var hashes = new Dictionary<ArtifactHash, long>();
            while (await row.ReadAsync(token))
                hashes.Add(new(row.GetString(0)), row.GetInt64(1));
            return hashes;
        }, cancellation);
        foreach (var (hash, bytes) in await cache.ListAsync(minimumAge, cancellation))
            stored.TryAdd(hash, bytes);
        return stored;
    }

    private static async ValueTask<bool> UploadAsync(
        NpgsqlConnection connection, ArtifactHash hash, string path, CancellationToken cancellation)
    {
        await using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.SequentialScan);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var header = new NpgsqlCommand(
            "INSERT INTO tunegrid.artifacts (hash, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING", connection)
        {
            Parameters = { new() { Value = hash.Hex }, new() { Value = file.Length } },
        };
        if (await header.ExecuteNonQueryAsync(cancellation) == 0)
            return false;
        var buffer = new byte[ChunkBytes];
        for (var chunk = 0;
            await file.ReadAtLeastAsync(buffer, ChunkBytes, throwOnEndOfStream: false, cancellation) is > 0 and var read;
            chunk++)
        {
            await using var insert = new NpgsqlCommand(
                "INSERT INTO tunegrid.artifact_chunks (hash, chunk, data) VALUES ($1, $2, $3)", connection)
            {
                Parameters = { new() { Value = hash.Hex }, new() { Value = chunk }, new() { Value = buffer.AsMemory(0, read) } },
            };
            await insert.ExecuteNonQueryAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Puts the artifact's bytes into the cache and returns what they hash to; null if the database has none.</summary>
    private async ValueTask<ArtifactHash?> DownloadAsync(NpgsqlConnection connection, ArtifactHash hash, CancellationToken cancellation)
    {
        var temporary = Path.GetTempFileName();
        try
        {
            await using var select = new NpgsqlCommand(
                """
                SELECT c.data FROM tunegrid.artifacts a LEFT JOIN tunegrid.artifact_chunks c USING (hash)
                WHERE hash = $1 ORDER BY c.chunk
                """,
                connection)
            {
                Parameters = { new() { Value = hash.Hex } },
            };
            await using var row = await select.ExecuteReaderAsync(cancellation);
            var found = false;
            await using (var file = File.Create(temporary))
            {
                for (; await row.ReadAsync(cancellation); found = true)
                {
                    if (!row.IsDBNull(0))
                        await file.WriteAsync(row.GetFieldValue<byte[]>(0), cancellation);
                }
            }
            return found ? await cache.PutAsync(temporary, cancellation) : null;
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
