namespace TuneGrid.Coordination.Artifacts;

/// <summary>Content-hashed files. Put twice is put once. Implementations are thread-safe.</summary>
public interface IArtifactStore
{
    /// <summary>Takes a local file in, whole or not at all, and returns its hash.</summary>
    ValueTask<ArtifactHash> PutAsync(string path, CancellationToken cancellation);

    /// <summary>
    /// Returns a local path to the artifact's bytes, verified against the hash. Valid until the artifact is deleted.
    /// </summary>
    /// <exception cref="ArtifactDamagedException">It is missing, or its bytes do not match.</exception>
    ValueTask<string> GetAsync(ArtifactHash hash, CancellationToken cancellation);

    /// <summary>Returns whether a local copy exists, so that resuming here needs no transfer.</summary>
    bool IsLocal(ArtifactHash hash);

    /// <summary>Deletes an artifact; does nothing if there is none of this hash.</summary>
    ValueTask DeleteAsync(ArtifactHash hash, CancellationToken cancellation);

    /// <summary>Returns whether it is stored where all silos find it, without looking at its bytes. False for what is no hash.</summary>
    ValueTask<bool> HasAsync(ArtifactHash hash, CancellationToken cancellation);

    /// <summary>Returns every artifact that was stored at least so long ago, each with its size in bytes.</summary>
    ValueTask<IReadOnlyDictionary<ArtifactHash, long>> ListAsync(TimeSpan minimumAge, CancellationToken cancellation);
}

/// <summary>An artifact is missing, or its bytes do not match its hash.</summary>
public sealed class ArtifactDamagedException(ArtifactHash hash, string message) : Exception(message)
{
    /// <summary>The artifact that was asked for.</summary>
    public ArtifactHash Hash { get; } = hash;
}
