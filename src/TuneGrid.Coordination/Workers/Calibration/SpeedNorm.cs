namespace TuneGrid.Coordination.Workers.Calibration;

/// <summary>
/// What a silo's probes say it can do when nobody disturbs it: the median of the fastest few that it remembers. One lucky probe does not
/// raise it, and a machine has to be slow for longer than that memory before slow becomes its norm.
/// </summary>
internal sealed class SpeedNorm
{
    private const int Remembered = 512;
    private const int Fastest = 9;
    private readonly Queue<double> _probes = [];

    /// <summary>In the probe's unit; 0 before the first probe.</summary>
    public double Value { get; private set; }

    public void Add(double speed)
    {
        _probes.Enqueue(speed);
        if (_probes.Count > Remembered)
            _probes.Dequeue();
        var fastest = _probes.OrderDescending().Take(Fastest).ToArray();
        Value = fastest[fastest.Length / 2];
    }
}
