using System.Diagnostics;

namespace TuneGrid.Training.Kernels.Measurement;

/// <summary>
/// Times what is short on a machine where others work too: the best of several runs comes nearest to what the code itself takes.
/// </summary>
internal static class BestTime
{
    private const double SampleSeconds = 0.002;
    private const int Samples = 12;

    /// <summary>Seconds of one call.</summary>
    public static double Of(Action action)
    {
        action();
        var calls = 1;
        while (Time(action, calls) < SampleSeconds)
            calls *= 2;
        var best = double.MaxValue;
        for (var i = 0; i < Samples; i++)
            best = Math.Min(best, Time(action, calls));
        return best / calls;
    }

    private static double Time(Action action, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
            action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
