using TuneGrid.Coordination;
using TuneGrid.Coordination.Artifacts;

namespace TuneGrid.Simulation.Stores;

/// <summary>
/// Artifacts as names alone, for tests and simulations: a path is its own content, and nothing is ever written. Thread-safe.
/// </summary>
public sealed class InMemoryArtifactStore : IArtifactStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ArtifactHash, string> _paths = [];
    private readonly HashSet<ArtifactHash> _damaged = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _paths.Count;
        }
    }

    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (_gate)
                return [.. _paths.Values];
        }
    }

    public bool Holds(ArtifactHash hash)
    {
        lock (_gate)
            return _paths.ContainsKey(hash);
    }

    public bool IsDamaged(ArtifactHash hash)
    {
        lock (_gate)
            return _damaged.Contains(hash);
    }

    /// <summary>From now on the artifact reads as torn.</summary>
    public void Damage(ArtifactHash hash)
    {
        lock (_gate)
            _damaged.Add(hash);
    }

    public ValueTask<ArtifactHash> PutAsync(string path, CancellationToken cancellation)
    {
        var bytes = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(path));
        var hash = new ArtifactHash(Convert.ToHexStringLower(bytes));
        lock (_gate)
        {
            _paths[hash] = path;
            _damaged.Remove(hash);
        }
        return new(hash);
    }

    public ValueTask<string> GetAsync(ArtifactHash hash, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_paths.TryGetValue(hash, out var path))
                throw new ArtifactDamagedException(hash, $"artifact {hash} is missing");
            if (_damaged.Contains(hash))
                throw new ArtifactDamagedException(hash, $"artifact {hash} does not match its hash");
            return new(path);
        }
    }

    public bool IsLocal(ArtifactHash hash) => Holds(hash);

    public ValueTask DeleteAsync(ArtifactHash hash, CancellationToken cancellation)
    {
        lock (_gate)
            _paths.Remove(hash);
        return default;
    }

    public ValueTask<bool> HasAsync(ArtifactHash hash, CancellationToken cancellation) => new(Holds(hash));

    /// <summary>Nothing here has an age: all of them. Each is as large as its path is long.</summary>
    public ValueTask<IReadOnlyDictionary<ArtifactHash, long>> ListAsync(TimeSpan minimumAge, CancellationToken cancellation)
    {
        lock (_gate)
            return new(_paths.ToDictionary(p => p.Key, p => (long)p.Value.Length));
    }
}
