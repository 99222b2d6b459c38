using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;

namespace TuneGrid.Coordination.Studies;

/// <summary>A free silo asks for work. Everything a decision depends on, beside the ledger, stands here.</summary>
/// <param name="Now">The store's clock; only recorded, and compared with nothing but the end of a study that has one.</param>
/// <param name="TimeToLive">How long the lease lasts without a renewal.</param>
/// <param name="Leases">The lease rows as read; the expired ones become events. Empty if they were not read this time.</param>
/// <param name="Living">
/// The classes that have a silo alive now, each with the most memory that one of its silos may use, in bytes; null if it was not asked, and
/// then no study is called complete.
/// </param>
/// <param name="Token">
/// Drawn at random by the silo, for the lease that it may get; one that it holds already is its own by this alone.
/// </param>
public sealed record WorkOffer(
    SiloId Silo, HardwareClass Class, DateTimeOffset Now, TimeSpan TimeToLive,
    IReadOnlyList<Lease> Leases, IReadOnlyDictionary<HardwareClass, long>? Living, LeaseToken Token)
{
    /// <summary>The machine that the silo runs on; what a loss counts against.</summary>
    public string Host { get; init; } = Silo.Name;

    /// <summary>Threads that it trains with: a trial's memory grows with them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Memory that this silo may use, in bytes: it declines what needs more.</summary>
    public long MemoryLimitBytes { get; init; } = long.MaxValue;

    /// <summary>Memory that the silos of its class may have at most, in bytes: what needs more fails.</summary>
    public long ClassMemoryBytes { get; init; } = long.MaxValue;

    /// <summary>What earlier studies know of the class's noise; null if nobody asked, or none knows.</summary>
    public ClassNoise? Noise { get; init; }

    /// <summary>Returns the offer of a silo as it describes itself, without the time and who lives.</summary>
    public static WorkOffer Of(
        SiloDescription silo, TimeSpan timeToLive, IReadOnlyList<Lease> leases, LeaseToken token) =>
        new(silo.Id, silo.Class, default, timeToLive, leases, null, token)
        {
            Host = silo.Host,
            Threads = silo.Threads,
            MemoryLimitBytes = silo.MemoryLimitBytes ?? long.MaxValue,
            ClassMemoryBytes = silo.ClassMemoryBytes ?? long.MaxValue,
        };
}
