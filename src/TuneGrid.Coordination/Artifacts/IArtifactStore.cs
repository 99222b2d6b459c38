namespace TuneGrid.Coordination.Artifacts;

/// <summary>Content-hashed files. Put twice is put once. Thread-safe.</summary>
public interface IArtifactStore
{
    /// <summary>Takes a local file in, whole or not at all, and answers its hash.</summary>
    ValueTask<ArtifactHash> PutAsync(string path, CancellationToken cancellation);

    /// <summary>A local path to the artifact's bytes, verified against the hash. Valid until the artifact is deleted.</summary>
    /// <exception cref="ArtifactDamagedException">It is missing, or its bytes do not match.</exception>
    ValueTask<string> GetAsync(ArtifactHash hash, CancellationToken cancellation);

    /// <summary>Whether a local copy exists, so that resuming here needs no transfer.</summary>
    bool IsLocal(ArtifactHash hash);

    ValueTask DeleteAsync(ArtifactHash hash, CancellationToken cancellation);

    /// <summary>Every artifact that was stored at least so long ago, in no order.</summary>
    ValueTask<IReadOnlyList<ArtifactHash>> ListAsync(TimeSpan minimumAge, CancellationToken cancellation);
}

public sealed class ArtifactDamagedException(ArtifactHash hash, string message) : Exception(message)
{
    public ArtifactHash Hash { get; } = hash;
}
