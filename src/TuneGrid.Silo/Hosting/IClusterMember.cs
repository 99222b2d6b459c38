using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Storage;

namespace TuneGrid.Silo.Hosting;

/// <summary>A silo's place in a cluster. Dispose of it to leave in good order.</summary>
internal interface IClusterMember : IAsyncDisposable
{
    /// <summary>Where the silo asks for work.</summary>
    IStudyCoordinator Coordinator { get; }

    /// <summary>How the silo trains: as its trials' grains.</summary>
    ISegmentRunner Runner { get; }

    /// <summary>
    /// Cancelled when the cluster has given the silo up for dead, after a long sleep for example: it may join again under another name.
    /// </summary>
    CancellationToken Evicted { get; }
}

/// <summary>Joins a cluster.</summary>
/// <param name="runner">Trains on this machine.</param>
/// <exception cref="IOException">The cluster can't be joined; the message says why and what to do.</exception>
internal delegate Task<IClusterMember> JoinCluster(
    SiloDescription silo, ISegmentRunner runner, OpenedStore store, SiloSettings settings, CancellationToken cancellation);
