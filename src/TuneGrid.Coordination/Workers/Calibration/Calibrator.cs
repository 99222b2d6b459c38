using TuneGrid.Coordination.Silos;

namespace TuneGrid.Coordination.Workers.Calibration;

/// <summary>Keeps a silo's norm by probing it at its start and at both ends of each segment's training.</summary>
/// <param name="probe">Null for a silo that does not calibrate itself.</param>
internal sealed class Calibrator(ISpeedProbe? probe)
{
    private const int FirstProbes = 5;

    // A disturbance that matters to a segment outlasts a few probes; the system's own hiccups don't.
    private const int Tries = 3;
    private const double Suspicious = 0.9;
    private readonly SpeedNorm _norm = new();

    /// <summary>What it knows by now; null before the silo calibrated itself, or without a probe.</summary>
    public SiloSpeed? Speed { get; private set; }

    public async ValueTask StartAsync()
    {
        for (var i = 0; probe is not null && i < FirstProbes; i++)
            _norm.Add(await probe.MeasureAsync());
        await ProbeAsync();
    }

    /// <summary>Returns the silo's speed now as a share of its norm; null without a probe.</summary>
    public async ValueTask<double?> ProbeAsync()
    {
        if (probe is null)
            return null;
        var best = await probe.MeasureAsync();
        for (var i = 1; i < Tries && best < Suspicious * _norm.Value; i++)
            best = Math.Max(best, await probe.MeasureAsync());
        _norm.Add(best);
        Speed = new(_norm.Value, Math.Min(1, best / _norm.Value));
        return Speed.Relative;
    }
}
