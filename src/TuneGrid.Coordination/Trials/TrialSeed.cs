using TuneGrid.Search.Randomness;

namespace TuneGrid.Coordination.Trials;

/// <summary>What a trial's own randomness starts from.</summary>
internal static class TrialSeed
{
    /// <summary>Returns an output of the study's generator per trial number, so that neighbouring trials share nothing.</summary>
    public static ulong Of(ulong studySeed, int number) => SplitMix64.At(studySeed, (ulong)number);
}
