using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Storage;

namespace TuneGrid.Silo.Hosting;

/// <summary>What carries the messages between a silo and the rest of the grid, where that is not the store alone.</summary>
public interface ISiloRuntime
{
    /// <summary>Makes the silo one of its cluster.</summary>
    /// <param name="runner">Trains on this machine.</param>
    /// <exception cref="IOException">The cluster can't be joined; the message says why and what to do.</exception>
    Task<IJoinedSilo> JoinAsync(SiloDescription silo, ISegmentRunner runner, OpenedStore store, WorkerOptions options, CancellationToken cancellation);
}

/// <summary>A silo's place in a cluster. Dispose of it to leave in good order.</summary>
public interface IJoinedSilo : IAsyncDisposable
{
    /// <summary>Where the silo asks for work.</summary>
    IWorkDesk Desk { get; }

    /// <summary>How the silo trains.</summary>
    ISegmentRunner Runner { get; }

    /// <summary>Cancelled when the cluster has given the silo up for dead, after a long sleep for example: it may join again under another name.</summary>
    CancellationToken Evicted { get; }
}
