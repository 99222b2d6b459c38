namespace TuneGrid.Coordination.Work;

/// <summary>How a worker behaves.</summary>
public sealed record WorkerOptions
{
    /// <summary>How long a lease lasts without a heartbeat.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a silo renews its lease and its row; several times within <see cref="TimeToLive"/>.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an idle silo sleeps at most between two looks; a change in the store wakes it at once.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a silo that was told to stop may go on trying to hand in its last segment.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Leave after this many segments; null for no limit.</summary>
    public int? MaxTrials { get; init; }

    /// <summary>Leave after being idle this long; null to wait for ever.</summary>
    public TimeSpan? IdleExit { get; init; }

    /// <summary>Serve this study alone and leave when it is over; null serves every open one.</summary>
    public StudyId? Study { get; init; }

    /// <summary>Seed of the jitter between retries.</summary>
    public int Seed { get; init; }
}

/// <summary>Why a silo left.</summary>
public enum SiloExit
{
    /// <summary>It was told to stop.</summary>
    Stopped,

    /// <summary>Somebody asked it to leave.</summary>
    Drained,

    /// <summary>It trained as many segments as <see cref="WorkerOptions.MaxTrials"/> allows.</summary>
    MaxTrials,

    /// <summary>It was idle for as long as <see cref="WorkerOptions.IdleExit"/> allows.</summary>
    Idle,

    /// <summary>The only study it serves has ended.</summary>
    StudyOver,
}
