using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Silo.Hosting;

/// <summary>A search's own line to the cluster that works on its study: news at once, and progress between the heartbeats. Dispose of it to hang up.</summary>
public interface IStudyLine : IAsyncDisposable
{
    /// <summary>The newest word of a trial that trains, or null.</summary>
    SegmentProgress? ProgressOf(TrialId trial);

    /// <summary>Returns when there are news.</summary>
    Task WaitAsync(CancellationToken cancellation);
}
