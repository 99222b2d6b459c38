namespace TuneGrid.Coordination.Trials;

/// <summary>What a trial's own randomness starts from.</summary>
public static class TrialSeed
{
    /// <summary>SplitMix64 of the study's seed and the trial's number, so that neighbouring trials share nothing.</summary>
    public static ulong Of(ulong studySeed, int number)
    {
        var z = studySeed + (((ulong)number + 1) * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
