using TuneGrid.Coordination.Workers.Calibration;

namespace TuneGrid.Simulation;

/// <summary>Sees how fast its machine is at the moment, give or take a little.</summary>
internal sealed class SimulatedProbe(Machine machine) : ISpeedProbe
{
    private const double Noise = 0.03;

    public ValueTask<double> MeasureAsync()
    {
        machine.ProbedPace = machine.Pace;
        return new(1e9 * machine.Pace * (1 + (Noise * ((2 * machine.Faults.Random.NextDouble()) - 1))));
    }
}
