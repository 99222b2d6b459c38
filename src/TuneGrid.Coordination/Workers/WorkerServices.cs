using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers.Calibration;

namespace TuneGrid.Coordination.Workers;

/// <summary>What a worker works with.</summary>
/// <param name="Coordinator">Where it asks for work and reports.</param>
/// <param name="Runner">Trains on this machine.</param>
public sealed record WorkerServices(
    IStudyStore Store, IArtifactStore Artifacts, IStudyCoordinator Coordinator, ISegmentRunner Runner, SearchPlanner Planner,
    TimeProvider Time)
{
    /// <summary>Returns a token that nobody can guess, another one with each call.</summary>
    public required Func<LeaseToken> DrawToken { get; init; }

    /// <summary>No other store keeps its artifacts in the same place.</summary>
    public bool OwnsArtifacts { get; init; }

    /// <summary>What the silo calibrates itself with; without one no segment is ever called disturbed.</summary>
    public ISpeedProbe? Probe { get; init; }

    /// <summary>Called on the worker's own context for everything worth showing; must not throw.</summary>
    public Action<SiloNotice> Notify { get; init; } = _ => { };
}
