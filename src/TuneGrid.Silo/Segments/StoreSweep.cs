using TuneGrid.Coordination.Work;
using TuneGrid.Storage;

namespace TuneGrid.Silo.Segments;

/// <summary>The sweep of a store whose studies our engine trains.</summary>
public static class StoreSweep
{
    /// <summary>Returns a sweep over the store's artifacts.</summary>
    public static ArtifactSweep Sweep(this OpenedStore store) =>
        new(store.Studies, store.Artifacts, SpacePlanner.Read, store.OwnsArtifacts);
}
