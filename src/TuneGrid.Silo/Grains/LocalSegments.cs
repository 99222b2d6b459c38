using System.Collections.Concurrent;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Silo.Grains;

/// <summary>The segments of this process, where their trials' grains find them. Thread-safe.</summary>
internal sealed class LocalSegments
{
    private readonly ConcurrentDictionary<string, LocalSegment> _byTrial = new();

    public static string KeyOf(StudyId study, TrialId trial) => $"{study}/{trial}";

    /// <summary>Keeps the segment, not started yet, until it is removed.</summary>
    public void Add(LocalSegment segment) => _byTrial[segment.Key] = segment;

    public void Remove(LocalSegment segment) => _byTrial.TryRemove(new(segment.Key, segment));

    public LocalSegment? Find(string key) => _byTrial.GetValueOrDefault(key);
}

/// <summary>One segment: ready, training or over.</summary>
internal sealed class LocalSegment : ISegmentMonitor, IDisposable
{
    private readonly CancellationTokenSource _pause;
    private readonly CancellationTokenSource _abandon;
    private readonly Lazy<Task<SegmentOutcome>> _run;
    private readonly ISegmentMonitor _monitor;
    private volatile SegmentProgress? _latest;

    public LocalSegment(ISegmentRunner runner, SegmentOrder order, ISegmentMonitor monitor, CancellationToken stop, CancellationToken abandon)
    {
        (Order, _monitor) = (order, monitor);
        _pause = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _abandon = CancellationTokenSource.CreateLinkedTokenSource(abandon);
        // On the thread pool: a grain's scheduler must never wait for training.
        _run = new(() => Task.Run(() => runner.RunAsync(order, this, _pause.Token, _abandon.Token), CancellationToken.None));
    }

    public SegmentOrder Order { get; }

    public string Key => LocalSegments.KeyOf(Order.Study, Order.Trial);

    public SegmentProgress? Latest => _latest;

    /// <summary>Hears of each progress after the monitor, on the training thread.</summary>
    public Action<SegmentProgress>? Progressed { get; init; }

    /// <summary>Starts it; once is enough.</summary>
    public Task<SegmentOutcome> Start() => _run.Value;

    public void Pause() => Cancel(_pause);

    public void Abandon() => Cancel(_abandon);

    public void Report(SegmentProgress value)
    {
        _latest = value;
        _monitor.Report(value);
        Progressed?.Invoke(value);
    }

    public ValueTask TrainingBeginsAsync() => _monitor.TrainingBeginsAsync();

    public ValueTask TrainingEndsAsync() => _monitor.TrainingEndsAsync();

    public void Dispose()
    {
        _pause.Dispose();
        _abandon.Dispose();
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }
    }
}
