using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Coordination.Studies;

/// <summary>A free silo asks for work. Everything a decision depends on, beside the ledger, stands here.</summary>
/// <param name="Now">The store's clock; only recorded, never compared.</param>
/// <param name="TimeToLive">How long the lease lasts without a renewal.</param>
/// <param name="Leases">The lease rows as read; the expired ones become events. Empty if they were not read this time.</param>
/// <param name="LiveClasses">Classes that have a silo alive now; null if it was not asked, and then no study is called complete.</param>
/// <param name="Token">Drawn at random by the silo for the lease that it may get; one that it holds already is its own by this.</param>
public sealed record WorkOffer(
    SiloId Silo, HardwareClass Class, DateTimeOffset Now, TimeSpan TimeToLive,
    IReadOnlyList<Lease> Leases, IReadOnlySet<HardwareClass>? LiveClasses, LeaseToken Token);
