namespace TuneGrid.Coordination;

/// <summary>
/// What makes five minutes comparable, as one readable key: CPU model, threads used of cores, instruction set used, memory size class, backend.
/// For example <c>amd-epyc/2of2/avx512bf16/16g</c>. Equal keys compare, different ones never do.
/// </summary>
public readonly record struct HardwareClass(string Key)
{
    public override string ToString() => Key;
}
