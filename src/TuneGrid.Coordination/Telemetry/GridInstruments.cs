using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TuneGrid.Coordination.Telemetry;

/// <summary>The names under which a listener finds what the grid does. Durations are in seconds.</summary>
public static class GridInstruments
{
    public const string Name = "TuneGrid";

    public static ActivitySource Source { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);

    public static Counter<long> Trials { get; } = Meter.CreateCounter<long>("tunegrid.trials", "{trial}", "Trials proposed by this process.");

    public static Counter<long> Promotions { get; } = Meter.CreateCounter<long>("tunegrid.promotions", "{promotion}", "Promotions decided by this process.");

    public static Histogram<double> SegmentDuration { get; } = Meter.CreateHistogram<double>(
        "tunegrid.segment.duration", "s", "Wall-clock time of a segment, from its order to its report.");

    public static Histogram<double> Score { get; } = Meter.CreateHistogram<double>("tunegrid.rung.bits_per_byte", "{bit}/{byte}", "Scores at rungs.");
}
