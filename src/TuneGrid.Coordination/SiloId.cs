namespace TuneGrid.Coordination;

/// <summary>A silo's name, unique in its store.</summary>
/// <param name="Value">Host or given name, process id and a random tail.</param>
public readonly record struct SiloId(string Value)
{
    /// <summary>
    /// What stands before process id and tail: the host, as far as a ledger that does not name it can tell. The whole name where it has
    /// no such parts.
    /// </summary>
    public string Name => Value.Split('-') is [.., _, _, _] parts ? string.Join('-', parts[..^2]) : Value;

    /// <summary>Returns the name.</summary>
    public override string ToString() => Value;
}
