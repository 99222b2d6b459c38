using TuneGrid.Coordination.Workers.Calibration;
using TuneGrid.Training;
using TuneGrid.Training.Kernels.Measurement;

namespace TuneGrid.Silo.Segments;

/// <summary>Calibrates a silo with the kernels it trains with.</summary>
internal sealed class KernelSpeedProbe(TrainerSettings settings) : ISpeedProbe, IDisposable
{
    // Not before the silo runs: the probe's first run takes as long as several later ones.
    private readonly Lazy<SpeedProbe> _probe = new(() => new(settings.Kernels, settings.Threads));

    public ValueTask<double> MeasureAsync() => new(_probe.Value.Measure());

    public void Dispose()
    {
        if (_probe.IsValueCreated)
            _probe.Value.Dispose();
    }
}
