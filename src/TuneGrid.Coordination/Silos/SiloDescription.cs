namespace TuneGrid.Coordination.Silos;

/// <summary>What a silo does.</summary>
public enum SiloActivity
{
    /// <summary>It waits for work.</summary>
    Idle,

    /// <summary>It trains a segment.</summary>
    Running,

    /// <summary>It leaves, and takes no more work.</summary>
    Draining,
}

/// <summary>What a silo says of itself; the store keeps one row each and its own time of the last word.</summary>
/// <param name="Threads">How many it trains with.</param>
/// <param name="MemoryBytes">Physical memory that it may use.</param>
/// <param name="StartedAt">By the store's clock.</param>
/// <param name="Doing">What it trains, for people: study, trial, rung; empty when idle.</param>
public sealed record SiloDescription(
    SiloId Id, HardwareClass Class, string Host, int ProcessId, int Threads, long MemoryBytes, DateTimeOffset StartedAt,
    SiloActivity Status, string Doing)
{
    /// <summary>How fast it is; null if it has not calibrated itself.</summary>
    public SiloSpeed? Speed { get; init; }

    /// <summary>The only study it serves; null serves every open one.</summary>
    public StudyId? Study { get; init; }

    /// <summary>The release it runs; null for releases that did not say.</summary>
    public string? Version { get; init; }

    /// <summary>
    /// True if its machine's energy counters can be read; null if not. Only such a silo can train for a budget in joules.
    /// </summary>
    public bool? MeasuresEnergy { get; init; }

    /// <summary>
    /// Memory that its trials may take, in bytes: it declines what needs more. Null if it does not know what a trial takes, or is of a
    /// release that did not say.
    /// </summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>The most memory that machines of its class have, in bytes; null as above.</summary>
    public long? ClassMemoryBytes { get; init; }

    /// <summary>Why it is idle though there is work, for people; empty if there is none, or it trains.</summary>
    public string IdleReason { get; init; } = "";
}

/// <summary>What a silo's probes say.</summary>
/// <param name="Norm">What it can do undisturbed, in floating-point operations per second over all its threads.</param>
/// <param name="Relative">Its last probe as a share of the norm; at most 1.</param>
public sealed record SiloSpeed(double Norm, double Relative);

/// <summary>Whether somebody asked a silo to leave, and how soon. The greater wins.</summary>
public enum DrainRequest
{
    /// <summary>Nobody did.</summary>
    None,

    /// <summary>After the segment that it trains.</summary>
    AfterSegment,

    /// <summary>At the next step: the segment is paused with a checkpoint.</summary>
    Now,
}

/// <summary>A silo as the store knows it.</summary>
/// <param name="LastSeen">By the store's clock.</param>
public sealed record SiloRow(SiloDescription Silo, DateTimeOffset LastSeen, DrainRequest Drain)
{
    /// <summary>Returns whether it has spoken recently enough to count as alive.</summary>
    /// <param name="now">The store's clock.</param>
    public bool IsAlive(DateTimeOffset now, TimeSpan timeToLive) => !IsDamaged && now - LastSeen < timeToLive;

    /// <summary>Whether the store's row can't be read; only the silo's name and the time are known then.</summary>
    public bool IsDamaged => Silo.Class == default;

    /// <summary>Returns what is left of a row that can't be read. A silo that lives writes it anew with its next word.</summary>
    public static SiloRow Damaged(SiloId silo, DateTimeOffset lastSeen) =>
        new(new(silo, default, "", 0, 0, 0, lastSeen, SiloActivity.Idle, "its row in the store is damaged"), lastSeen, DrainRequest.None);
}
