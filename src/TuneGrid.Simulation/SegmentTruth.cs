namespace TuneGrid.Simulation;

/// <summary>How a segment really went, beside what its silo made of it. Kept by the checkpoint it left.</summary>
/// <param name="Speed">Tokens trained on as a share of what the machine makes of the same seconds at its norm.</param>
/// <param name="AreEndsSeen">
/// The probes met the machine as the segment's first and last parts did; nobody can tell what changed in between.
/// </param>
internal sealed record SegmentTruth(double Speed, bool AreEndsSeen)
{
    // The limit is 75 % of the norm; noise and the coarse parts of a simulated segment blur it.
    private const double ClearlySlow = 0.6, ClearlyFine = 0.9;

    public bool MustShow => Speed < ClearlySlow && AreEndsSeen;

    public bool MustNotShow => Speed > ClearlyFine && AreEndsSeen;
}
