using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>Draws that know nothing of what was found. Pure: the same space and number give the same draw on every machine.</summary>
internal interface ITrialDraws
{
    /// <summary>Returns the feasible configuration with this number, from 0.</summary>
    /// <exception cref="UnsatisfiableSpaceException">No feasible draw was found with the effort that one trial is worth.</exception>
    Configuration Draw(int trialNumber);
}
