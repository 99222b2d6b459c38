using TuneGrid.Coordination;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Simulation.Scale;

/// <summary>Trains by waiting as long as the budget says, and a little for the score.</summary>
internal sealed class ScaleRunner(Random random, TimeProvider time) : ISegmentRunner
{
    private const double MostSecondsForScore = 2;

    /// <summary>The virtual clock's seconds this silo had a segment in hand.</summary>
    public double BusySeconds { get; private set; }

    /// <summary>When the segment it has in hand began; null if it has none.</summary>
    public TimeSpan? BusySince { get; private set; }

    public string? WhyNot(CorpusReference corpus) => null;

    public async Task<SegmentOutcome> RunAsync(Assignment work, ISegmentMonitor monitor, CancellationToken pause, CancellationToken abandon)
    {
        var from = work.Checkpoint is { } checkpoint ? double.Parse(checkpoint.Hex, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var seconds = work.ToAmount - from + (random.NextDouble() * MostSecondsForScore);
        BusySince = TimeSpan.FromTicks(time.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(seconds), time, abandon);
        BusySince = null;
        BusySeconds += seconds;
        var score = 1 + (work.Configuration["number"].Number * 7919 % 10007 / 10007) + (10 / work.ToAmount);
        // The checkpoint's name is all there is of it: how far it got.
        return new SegmentOutcome.Reached(new(
            score, 2, work.ToAmount, work.ToAmount, 1000, 10, 100, 1000, score,
            new(work.ToAmount.ToString("R", System.Globalization.CultureInfo.InvariantCulture)), null));
    }
}
