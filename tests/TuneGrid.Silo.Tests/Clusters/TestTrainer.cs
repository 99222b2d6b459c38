using System.Collections.Concurrent;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Trials;
using TuneGrid.Simulation;
using TuneGrid.Simulation.Stores;

namespace TuneGrid.Silo.Tests.Clusters;

/// <summary>Trains in no time, or stands still until the test lets it go on or it is told to stop.</summary>
internal sealed class TestTrainer(InMemoryArtifactStore artifacts, string name) : ISegmentRunner
{
    private readonly TaskCompletionSource<Assignment> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _paths;

    /// <summary>Stands still at the first segment.</summary>
    public bool IsHeld { get; init; }

    /// <summary>The first segment it was given.</summary>
    public Task<Assignment> Started => _started.Task;

    public ConcurrentQueue<Assignment> Orders { get; } = new();

    /// <summary>Completed when the segment is abandoned.</summary>
    public TaskCompletionSource Abandoned { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _release.TrySetResult();

    public string? WhyNot(CorpusReference corpus) => corpus == TestSpace.Corpus ? null : "needs another corpus";

    public async Task<SegmentOutcome> RunAsync(Assignment order, ISegmentMonitor monitor, CancellationToken stop, CancellationToken abandon)
    {
        Orders.Enqueue(order);
        _started.TrySetResult(order);
        monitor.Report(new(1, order.Budget.Amount, 1, 100, 100, 1));
        if (IsHeld)
        {
            await using var stopped = stop.Register(() => _release.TrySetResult());
            await using var abandoned = abandon.Register(() => Abandoned.TrySetResult());
            await Task.WhenAny(_release.Task, Abandoned.Task);
        }
        if (abandon.IsCancellationRequested)
            return new SegmentOutcome.Stopped(1, null);
        if (stop.IsCancellationRequested)
            return new SegmentOutcome.Stopped(1, await PutAsync(order));
        var score = 1 + ((int)order.Configuration["number"].Number * 7919 % 1000 / 1000.0) + (10 / order.ToAmount);
        var model = order.IsLast ? await PutAsync(order) : (ArtifactHash?)null;
        return new SegmentOutcome.Reached(new(score, 2, order.ToAmount, order.ToAmount, 1, 1, 1, 1, score, await PutAsync(order), model));
    }

    private ValueTask<ArtifactHash> PutAsync(Assignment order) =>
        artifacts.PutAsync($"{order.Trial}/{name}-{Interlocked.Increment(ref _paths)}", CancellationToken.None);
}
