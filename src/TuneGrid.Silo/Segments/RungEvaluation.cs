namespace TuneGrid.Silo.Segments;

/// <summary>
/// How much validation text a score is taken over: whole documents at an even stride, the same ones for every trial of a study.
/// </summary>
public static class RungEvaluation
{
    /// <summary>Enough to rank trials (the standard error is below 0.005 bits per byte) at a cost of a second or so.</summary>
    public const long RungTokens = 32_768;

    /// <summary>In practice the whole text: more would not change the third digit, and a corpus may have gigabytes of it.</summary>
    public const long FinalTokens = 1_048_576;

    public static long TokenLimit(bool isLastRung) => isLastRung ? FinalTokens : RungTokens;
}
