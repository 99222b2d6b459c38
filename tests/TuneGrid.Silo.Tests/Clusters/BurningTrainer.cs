using System.Diagnostics;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Silo.Tests.Clusters;

/// <summary>Computes for a while on the thread that it is given, as training does, and ends as another trainer says.</summary>
internal sealed class BurningTrainer(TestTrainer trainer, TimeSpan segment) : ISegmentRunner
{
    private int _segments;

    public int Segments => Volatile.Read(ref _segments);

    public static void Burn(TimeSpan time)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time;)
            Thread.SpinWait(1000);
    }

    public string? WhyNot(CorpusReference corpus) => trainer.WhyNot(corpus);

    public Task<SegmentOutcome> RunAsync(Assignment work, ISegmentMonitor monitor, CancellationToken pause, CancellationToken abandon)
    {
        Burn(segment);
        Interlocked.Increment(ref _segments);
        return trainer.RunAsync(work, monitor, pause, abandon);
    }
}
