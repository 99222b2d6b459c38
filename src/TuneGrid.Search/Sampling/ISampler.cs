using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>Draws configurations of one space. Pure: the same seed, index and attempt give the same draw on every machine.</summary>
public interface ISampler
{
    /// <summary>
    /// Returns the configuration of the trial with this number, from 0: searched and fixed values; infeasible draws are redrawn.
    /// </summary>
    /// <exception cref="UnsatisfiableSpaceException">No feasible draw was found with the effort that one trial is worth.</exception>
    Configuration Sample(int trialNumber);
}

/// <summary>The constraints leave no configuration, or too few to find.</summary>
public sealed class UnsatisfiableSpaceException(string message) : Exception(message);
