using System.Collections.Concurrent;
using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Orleans.Grains;

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
internal sealed class LocalSegment : IProgress<SegmentProgress>, IDisposable
{
    private readonly CancellationTokenSource _pause;
    private readonly CancellationTokenSource _abandon;
    private readonly Lazy<Task<SegmentOutcome>> _run;
    private readonly IProgress<SegmentProgress> _progress;
    private volatile SegmentProgress? _latest;

    public LocalSegment(ISegmentRunner runner, SegmentOrder order, IProgress<SegmentProgress> progress, CancellationToken stop, CancellationToken abandon)
    {
        (Order, _progress) = (order, progress);
        _pause = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _abandon = CancellationTokenSource.CreateLinkedTokenSource(abandon);
        // On the thread pool: a grain's scheduler must never wait for training.
        _run = new(() => Task.Run(() => runner.RunAsync(order, this, _pause.Token, _abandon.Token), CancellationToken.None));
    }

    public SegmentOrder Order { get; }

    public string Key => LocalSegments.KeyOf(Order.Study, Order.Trial);

    public SegmentProgress? Latest => _latest;

    /// <summary>Starts it; once is enough.</summary>
    public Task<SegmentOutcome> Start() => _run.Value;

    public void Pause() => Cancel(_pause);

    public void Abandon() => Cancel(_abandon);

    public void Report(SegmentProgress value)
    {
        _latest = value;
        _progress.Report(value);
    }

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
