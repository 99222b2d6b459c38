namespace TuneGrid.Search.Space;

/// <summary>What to do with a segment whose silo ran markedly below its own norm (throttled, on battery, shared).</summary>
public enum DisturbancePolicy
{
    /// <summary>Keep the result and show that it was disturbed.</summary>
    Accept,

    /// <summary>Throw the result away and run the segment again, once.</summary>
    RerunOnce,
}

/// <summary>When a segment counts as disturbed, and what happens then.</summary>
/// <param name="Policy">What happens to it.</param>
/// <param name="Share">
/// A segment is disturbed if it ran more than this share below its silo's norm: 0.25 means slower than 75 % of it.
/// </param>
public sealed record DisturbanceSpec(DisturbancePolicy Policy, double Share);
