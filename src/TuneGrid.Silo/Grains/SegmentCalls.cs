using System.Diagnostics;
using TuneGrid.Coordination.Telemetry;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Silo.Grains;

/// <summary>Spans around a silo's calls to grains about its segment: the calls hang under the segment's span, and so does what the grains do.</summary>
internal static class SegmentCalls
{
    /// <summary>Null where the study is not traced.</summary>
    public static Activity? Start(string name, SegmentOrder order)
        => ActivityContext.TryParse(order.Trace, null, out var parent) ? GridInstruments.Source.StartActivity(name, ActivityKind.Internal, parent) : null;
}
