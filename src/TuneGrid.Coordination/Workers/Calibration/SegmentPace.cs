using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Workers.Calibration;

/// <summary>
/// Follows one segment: the latest progress for the lease, and how steadily its tokens came. A trial's own full speed is not known
/// beforehand, so it is what the segment itself showed at its faster moments; and if the silo's probes were below its norm at both ends, it
/// was never shown, and is what the ends would have been at the norm. Reported to by the training thread, read by the worker.
/// </summary>
internal sealed class SegmentPace(Calibrator calibrator) : ISegmentMonitor
{
    // Shorter stretches than this hold too few steps to be called a speed.
    private const double ShortestSeconds = 0.2;

    // A probe far below a tenth of the norm says that the machine stood still, not how fast it trained meanwhile.
    private const double SlowestProbe = 0.1;

    private readonly Lock _gate = new();
    private readonly List<(double Seconds, long Tokens)> _marks = [];
    private SegmentProgress? _latest;
    private double? _before, _after;

    public SegmentProgress? Latest
    {
        get
        {
            lock (_gate)
                return _latest;
        }
    }

    /// <summary>
    /// How fast the segment ran, as a share of what the silo would have made of it at its norm, at most 1; null if nobody measured it.
    /// </summary>
    public double? Relative => _before is { } before && _after is { } after
        ? Share(Math.Clamp(before, SlowestProbe, 1), Math.Clamp(after, SlowestProbe, 1))
        : null;

    public async ValueTask TrainingBeginsAsync() => _before = await calibrator.ProbeAsync();

    public async ValueTask TrainingEndsAsync() => _after = await calibrator.ProbeAsync();

    public void Report(SegmentProgress value)
    {
        lock (_gate)
        {
            _latest = value;
            if (_marks.Count == 0 || value.TrainingSeconds - _marks[^1].Seconds >= ShortestSeconds)
                _marks.Add((value.TrainingSeconds, value.Tokens));
        }
    }

    private double Share(double before, double after)
    {
        lock (_gate)
        {
            var speeds = _marks.Zip(_marks.Skip(1), (from, to) => (to.Tokens - from.Tokens) / (to.Seconds - from.Seconds)).ToList();
            if (speeds.Count == 0)
                return (before + after) / 2;
            // One slow probe alone may be a hiccup of the system; and if it is not, the segment's other end was fast and says what full
            // speed is.
            var full = Math.Max(speeds.Order().ElementAt(speeds.Count * 3 / 4), Math.Max(speeds[0], speeds[^1]) / Math.Max(before, after));
            var mean = (_marks[^1].Tokens - _marks[0].Tokens) / (_marks[^1].Seconds - _marks[0].Seconds);
            return full > 0 ? Math.Min(1, mean / full) : 1;
        }
    }
}
