namespace TuneGrid.Coordination.Studies;

/// <summary>What to do with a segment whose silo ran markedly below its own norm (throttled, on battery, shared).</summary>
public enum DisturbancePolicy
{
    /// <summary>Keep the result and show that it was disturbed.</summary>
    Accept,

    /// <summary>Throw the result away and run the segment again, once.</summary>
    RerunOnce,
}
