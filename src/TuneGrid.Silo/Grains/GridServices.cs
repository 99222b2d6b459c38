using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Work;

namespace TuneGrid.Silo.Grains;

/// <summary>What the grains of one silo work with.</summary>
public sealed record GridServices(SiloDescription Silo, IStudyStore Store, SearchPlanner Planner, WorkerOptions Options, TimeProvider Time)
{
    /// <summary>The segments that train on this silo.</summary>
    internal LocalSegments Segments { get; init; } = new();

    /// <summary>Wakes this silo when there may be work.</summary>
    internal WorkSignal Signal { get; init; } = new();
}
