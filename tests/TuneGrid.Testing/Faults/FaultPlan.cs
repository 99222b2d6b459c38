namespace TuneGrid.Testing.Faults;

internal enum FaultKind
{
    /// <summary><c>kill -9</c> of a silo, and a new one is started.</summary>
    KillSilo,

    /// <summary><c>kill -9</c> of the process that follows the study, and another one goes on.</summary>
    KillSearch,

    /// <summary>SIGSTOP until the silo's lease has run out, then SIGCONT.</summary>
    Freeze,

    /// <summary>The network cable of the silo that has one is pulled until its lease has run out.</summary>
    CutOff,

    /// <summary>The database is shut down in good order and started again.</summary>
    RestartServer,

    /// <summary>The database crashes and recovers.</summary>
    CrashServer,
}

/// <param name="Silo">Whom it hits, where it hits one.</param>
/// <param name="Events">So many ledger events after the fault before.</param>
internal sealed record Fault(FaultKind Kind, int Silo, int Events)
{
    public override string ToString() =>
        Kind is FaultKind.KillSilo or FaultKind.Freeze or FaultKind.CutOff ? $"{Kind} {Silo + 1}" : Kind.ToString();
}

/// <summary>
/// The faults of a run, drawn before it begins: the same seed hits the same silos in the same order, whatever the machine makes of it.
/// </summary>
internal static class FaultPlan
{
    /// <summary>Names the seed of a run in the environment, to run a failed one again.</summary>
    public const string SeedVariable = "TUNEGRID_FAULT_SEED";

    public static int Seed => int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), out var seed) ? seed : 1;

    /// <param name="weights">How often each kind is drawn; 0 or absent for never.</param>
    /// <param name="wired">The silo whose cable can be pulled.</param>
    public static IReadOnlyList<Fault> Draw(int seed, int count, IReadOnlyDictionary<FaultKind, int> weights, int silos, int wired = 0)
    {
        var random = new Random(seed);
        var kinds = weights.OrderBy(w => w.Key).SelectMany(w => Enumerable.Repeat(w.Key, w.Value)).ToArray();
        return [.. Enumerable.Range(0, count).Select(_ => Next())];

        Fault Next()
        {
            var kind = kinds[random.Next(kinds.Length)];
            var silo = random.Next(silos);
            return new(kind, kind == FaultKind.CutOff ? wired : silo, random.Next(1, 4));
        }
    }
}
