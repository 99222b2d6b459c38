using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TuneGrid.Coordination.Telemetry;

/// <summary>The names under which a listener finds what the grid does. Durations are in seconds.</summary>
public static class GridInstruments
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "TuneGrid";

    /// <summary>Makes the spans of studies, trials, rung decisions and segments.</summary>
    public static ActivitySource Source { get; } = new(Name);

    private static Meter Meter { get; } = new(Name);

    /// <summary>Trials proposed by this process.</summary>
    public static Counter<long> Trials { get; } = Meter.CreateCounter<long>(
        "tunegrid.trials", "{trial}", "Trials proposed by this process.");

    /// <summary>Promotions decided by this process.</summary>
    public static Counter<long> Promotions { get; } = Meter.CreateCounter<long>(
        "tunegrid.promotions", "{promotion}", "Promotions decided by this process.");

    /// <summary>Wall-clock seconds of a segment, from its order to its report.</summary>
    public static Histogram<double> SegmentDuration { get; } = Meter.CreateHistogram<double>(
        "tunegrid.segment.duration", "s", "Wall-clock time of a segment, from its order to its report.");

    /// <summary>Scores at rungs, in bits per byte.</summary>
    public static Histogram<double> Score { get; } = Meter.CreateHistogram<double>(
        "tunegrid.rung.bits_per_byte", "{bit}/{byte}", "Scores at rungs.");
}
