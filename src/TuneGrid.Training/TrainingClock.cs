namespace TuneGrid.Training;

/// <summary>
/// Training seconds: only steps count, on a monotonic clock. A step far longer than its predecessors is a suspended laptop, not training,
/// and counts as one of them.
/// </summary>
internal sealed class TrainingClock(TimeProvider time)
{
    private const double SuspendFactor = 10, SuspendSeconds = 1, Smoothing = 0.1;
    private const int StepsBeforeJudging = 8;
    private long _stepStart;
    private double _typicalSeconds;
    private int _steps;

    /// <summary>Since the trial began.</summary>
    public double Seconds { get; set; }

    public void StartStep() => _stepStart = time.GetTimestamp();

    public void EndStep()
    {
        var seconds = time.GetElapsedTime(_stepStart).TotalSeconds;
        if (_steps >= StepsBeforeJudging && seconds > (SuspendFactor * _typicalSeconds) + SuspendSeconds)
            seconds = _typicalSeconds;
        _typicalSeconds = _steps == 0 ? seconds : _typicalSeconds + ((seconds - _typicalSeconds) * Smoothing);
        _steps++;
        Seconds += seconds;
    }
}
