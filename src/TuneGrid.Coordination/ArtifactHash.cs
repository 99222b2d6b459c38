namespace TuneGrid.Coordination;

/// <summary>The SHA-256 of an artifact's bytes, 64 lower-case hex digits.</summary>
public readonly record struct ArtifactHash(string Hex)
{
    public override string ToString() => Hex;
}
