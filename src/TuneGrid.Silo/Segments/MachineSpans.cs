using System.Diagnostics;
using TuneGrid.Coordination.Telemetry;

namespace TuneGrid.Silo.Segments;

/// <summary>Spans that only a machine can tell of: tokenizers, checkpoints, evaluations.</summary>
internal static class MachineSpans
{
    /// <param name="parent">W3C traceparent to hang the span under, or null for the caller's own.</param>
    public static Activity? Start(string name, string? parent) => ActivityContext.TryParse(parent, null, out var context)
        ? GridInstruments.Source.StartActivity(name, ActivityKind.Internal, context)
        : GridInstruments.Source.StartActivity(name);
}
