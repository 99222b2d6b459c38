using Orleans.Concurrency;
using TuneGrid.Coordination.Silos;

namespace TuneGrid.Silo.Grains;

/// <summary>One silo (key: its name, the one that its leases carry), on that silo.</summary>
[Alias("tunegrid.ISiloGrain")]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>There may be work: ask.</summary>
    [OneWay, Alias("Wake")]
    Task WakeAsync();

    /// <summary>Asks it to leave, after its segment or at its next step. Returns false if the store does not know it.</summary>
    [Alias("Drain")]
    Task<bool> DrainAsync(DrainRequest request);
}
