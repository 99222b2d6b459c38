using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;

namespace TuneGrid.Orleans.Grains;

/// <summary>What the grains of one silo work with.</summary>
public sealed record GridServices(SiloDescription Silo, IStudyStore Store, SearchPlanner Planner, SiloOptions Options, TimeProvider Time)
{
    /// <summary>The segments that train on this silo.</summary>
    internal LocalSegments Segments { get; init; } = new();

    /// <summary>Wakes this silo when there may be work.</summary>
    internal WorkSignal Signal { get; init; } = new();
}
