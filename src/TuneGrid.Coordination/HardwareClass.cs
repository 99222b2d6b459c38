namespace TuneGrid.Coordination;

/// <summary>
/// What makes five minutes comparable, as one readable key: CPU model, threads used of cores, instruction set used, memory size class,
/// backend. Equal keys compare, different ones never do.
/// </summary>
/// <param name="Key">For example <c>amd-epyc/2of2/avx512bf16/16g</c>.</param>
public readonly record struct HardwareClass(string Key)
{
    /// <summary>Returns the key.</summary>
    public override string ToString() => Key;
}
