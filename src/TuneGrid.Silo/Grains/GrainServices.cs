using TuneGrid.Coordination;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Work;

namespace TuneGrid.Silo.Grains;

/// <summary>What the grains of one silo work with.</summary>
internal sealed record GrainServices(
    SiloDescription Silo, IStudyStore Store, SearchPlanner Planner, WorkerOptions Options, TimeProvider Time)
{
    /// <summary>Where what silos report has to be; null takes their word for it.</summary>
    public IArtifactStore? Artifacts { get; init; }

    /// <summary>The segments that train on this silo.</summary>
    public LocalSegments Segments { get; init; } = new();

    /// <summary>Returns whether a silo of this home is known to have ended; nothing is known by default.</summary>
    public Func<SiloId, bool> HasEnded { get; init; } = _ => false;

    /// <summary>Wakes this silo when there may be work.</summary>
    public WorkSignal Signal { get; init; } = new();
}
