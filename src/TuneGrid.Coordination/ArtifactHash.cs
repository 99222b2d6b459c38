namespace TuneGrid.Coordination;

/// <summary>What an artifact is known by: the SHA-256 of its bytes.</summary>
/// <param name="Hex">64 lower-case hex digits; not checked here.</param>
public readonly record struct ArtifactHash(string Hex)
{
    /// <summary>Returns the hex digits.</summary>
    public override string ToString() => Hex;
}
