using TuneGrid.Coordination;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers;
using TuneGrid.Silo.Membership;
using TuneGrid.Training;

namespace TuneGrid.Silo.Hosting;

/// <summary>How a silo runs on this machine.</summary>
/// <param name="ScratchFolder">Where checkpoints are written before the artifact store takes them.</param>
public sealed record SiloSettings(TrainerSettings Trainer, HardwareClass Class, string ScratchFolder)
{
    /// <summary>Its name for people; empty takes the host's.</summary>
    public string Name { get; init; } = "";

    /// <summary>How patient it is, and when it leaves.</summary>
    public WorkerOptions Options { get; init; } = new();

    /// <summary>How long a silo that its cluster has evicted, and that can't join again, waits before it tries once more.</summary>
    public TimeSpan JoinAgainAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the other silos and clients reach it; by default on loopback, on free ports.</summary>
    public OrleansOptions Listen { get; init; } = new();

    /// <summary>Of the messages that it speaks with the rest of its cluster; another one only in tests.</summary>
    internal int WireVersion { get; init; } = WireFormat.Version;

    /// <summary>Hears of everything worth showing.</summary>
    public Action<SiloNotice> Notify { get; init; } = _ => { };

    /// <summary>Threads that it trains with.</summary>
    public int Threads => Trainer.Threads;
}
