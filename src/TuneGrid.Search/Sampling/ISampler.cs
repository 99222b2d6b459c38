using TuneGrid.Search.Observations;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// Proposes configurations of one space. Pure: the same history gives the same proposal on every machine, in every process; what it keeps
/// in between only saves time.
/// </summary>
public interface ISampler
{
    /// <summary>Returns the configuration to try next, searched and fixed values, and why. It is feasible.</summary>
    /// <param name="history">Of the hardware class that the trial will run in.</param>
    /// <exception cref="UnsatisfiableSpaceException">Nothing feasible was found with the effort that one trial is worth.</exception>
    Proposal Propose(SearchHistory history);
}

/// <summary>The constraints leave no configuration, or too few to find.</summary>
public sealed class UnsatisfiableSpaceException(string message) : Exception(message);
