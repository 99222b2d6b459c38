using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Ledger;

/// <summary>A silo's time-limited right to train a trial.</summary>
/// <param name="Fence">Goes with every renewal; a result under another one is refused.</param>
/// <param name="ExpiresAt">By the store's clock.</param>
/// <param name="IsExpired">Whether that has passed, by the store's clock, when the row was read.</param>
/// <param name="Progress">What the silo said with its last renewal, or null.</param>
public sealed record Lease(TrialId Trial, Fence Fence, SiloId Silo, DateTimeOffset ExpiresAt, bool IsExpired, SegmentProgress? Progress);

/// <summary>A change to the leases table, made in the same transaction as the events beside it.</summary>
/// <param name="Trial">Whose lease it is.</param>
public abstract record LeaseChange(TrialId Trial)
{
    /// <summary>The silo may train the trial from now on.</summary>
    /// <param name="Fence">Of the event that leased it.</param>
    /// <param name="TimeToLive">How long it lasts without a renewal, from the append on.</param>
    public sealed record Grant(TrialId Trial, Fence Fence, SiloId Silo, TimeSpan TimeToLive) : LeaseChange(Trial);

    /// <summary>Nobody may.</summary>
    public sealed record Release(TrialId Trial) : LeaseChange(Trial);

    /// <summary>Its silo hears with its next renewal that it should write a checkpoint and give the lease back.</summary>
    public sealed record RequestPause(TrialId Trial) : LeaseChange(Trial);
}

/// <summary>What the store says to a silo that renews its lease.</summary>
public enum LeaseRenewal
{
    /// <summary>The fence no longer holds it, or it has run out even though nobody took it yet: stop at once.</summary>
    Lost,

    /// <summary>Go on.</summary>
    Held,

    /// <summary>It is held; write a checkpoint at the next step and give it back.</summary>
    PauseRequested,
}
