namespace TuneGrid.Coordination;

/// <summary>A silo's name, unique in its store: host name, process id and a random tail.</summary>
public readonly record struct SiloId(string Value)
{
    public override string ToString() => Value;
}
