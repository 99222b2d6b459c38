namespace TuneGrid.Coordination;

/// <summary>A silo's name, unique in its store.</summary>
/// <param name="Value">Host name, process id and a random tail.</param>
public readonly record struct SiloId(string Value)
{
    /// <summary>Returns the name.</summary>
    public override string ToString() => Value;
}
