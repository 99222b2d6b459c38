namespace TuneGrid.Coordination.Workers.Calibration;

/// <summary>A short, always equal piece of the work that training consists of, to see how fast this machine is at the moment.</summary>
public interface ISpeedProbe
{
    /// <summary>
    /// Runs the piece once, some tens of milliseconds with all threads of the silo, and returns floating-point operations per second.
    /// </summary>
    ValueTask<double> MeasureAsync();
}
