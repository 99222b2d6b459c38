using TuneGrid.Coordination.Trials;

namespace TuneGrid.Silo.Grains;

/// <summary>One segment of this process: ready, training or over.</summary>
internal sealed class LocalSegment : ISegmentMonitor, IDisposable
{
    private readonly CancellationTokenSource _pause;
    private readonly CancellationTokenSource _abandon;
    private readonly Lazy<Task<SegmentOutcome>> _run;
    private readonly ISegmentMonitor _monitor;

    public LocalSegment(
        ISegmentRunner runner, Assignment work, ISegmentMonitor monitor, CancellationToken pause, CancellationToken abandon)
    {
        (Work, _monitor) = (work, monitor);
        _pause = CancellationTokenSource.CreateLinkedTokenSource(pause);
        _abandon = CancellationTokenSource.CreateLinkedTokenSource(abandon);
        // On the thread pool: a grain's scheduler must never wait for training.
        _run = new(() => Task.Run(() => runner.RunAsync(work, this, _pause.Token, _abandon.Token), CancellationToken.None));
    }

    public Assignment Work { get; }

    public string Key => LocalSegments.KeyOf(Work.Study, Work.Trial);

    /// <summary>Hears of each progress after the monitor, on the training thread.</summary>
    public Action<SegmentProgress>? Progressed { get; init; }

    /// <summary>Starts it; once is enough.</summary>
    public Task<SegmentOutcome> Start() => _run.Value;

    public void Pause() => Cancel(_pause);

    public void Abandon() => Cancel(_abandon);

    public void Report(SegmentProgress value)
    {
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
